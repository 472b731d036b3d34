/* SPDX-License-Identifier: Apache-2.0 */
/* CCM: AES CCM mode encryption of packets (PS v1.7, 6.4). */
#ifndef SIM_PERIPH_CCM_H
#define SIM_PERIPH_CCM_H

#include "sim/periph/aes.h"
#include "sim/periph/easydma.h"

enum { CCM_CONFIG = 33, CCM_PACKET = 3 + 255 + 4, CCM_STREAM = 17 * AES_BLOCK };

struct ccm {
    struct regfile regs;
    /* Plain state, one registered region. */
    struct ccm_state {
        uint8_t config[CCM_CONFIG]; /* key, counter, direction, IV */
        uint8_t phase;              /* enum phase in ccm_parts.h */
        uint8_t waiting;            /* CRYPT came while the key stream was generated */
        uint8_t trigger;            /* on whose behalf */
        uint8_t written;            /* all of the output */
        uint8_t decrypts;           /* the packet under way */
        uint16_t got;               /* bytes of the packet read */
        uint16_t in_size;           /* of the packet, 0: not known */
        uint16_t out_size;
        uint16_t made;    /* bytes of the output that are encrypted or decrypted */
        uint16_t offered; /* of these, bytes that EasyDMA was given */
        uint8_t in[CCM_PACKET];
        uint8_t out[CCM_PACKET];
        uint8_t stream[CCM_STREAM]; /* for the MIC, then for the payload */
    } state;
    /* Wiring: EasyDMA channels. */
    unsigned config;
    unsigned scratch;
    unsigned in;
    unsigned out;
};

extern const struct block_spec ccm_spec;

/* Connects the block to bus, state, events and EasyDMA. All must stay in place. */
void ccm_init(struct ccm *ccm, struct fabric *fabric, const struct block_spec *spec);

void ccm_reset(struct ccm *ccm, enum reset_kind reason);

#endif
