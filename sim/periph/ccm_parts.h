/* SPDX-License-Identifier: Apache-2.0 */
/* CCM's parts: ccm.c has tasks, key stream and EasyDMA, ccm_packet.c the packet. */
#ifndef SIM_PERIPH_CCM_PARTS_H
#define SIM_PERIPH_CCM_PARTS_H

#include "sim/base/bits.h"
#include "sim/periph/ccm.h"

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb), reg##_##name##_WIDTH = (width),
#include "driver/regs/ccm.def"
};
/* clang-format on */

enum phase { IDLE, GENERATING, GENERATED, WORKING };

enum { CCM_HEADER = 3 }; /* bytes of a packet before its payload */

#define FIELD_OF(ccm, reg, field)                                                                  \
    extract32(regfile_get(&(ccm)->regs, reg), reg##_##field##_LSB, reg##_##field##_WIDTH)

static inline struct easydma *ccm_dma(const struct ccm *ccm)
{
    return ccm->regs.fabric->easydma;
}

/* Bytes of the scratch area that are in use. */
uint32_t ccm_scratch_size(const struct ccm *ccm);

/* Bytes behind the header that will be read: of the packet at INPTR the header alone is certain as
 * long as RADIO may still write it. */
uint32_t ccm_expected_input(const struct ccm *ccm);

/* Bytes behind the header that are written when `input` are read. */
uint32_t ccm_output_bytes(const struct ccm *ccm, uint32_t input);

void ccm_begin_packet(struct ccm *ccm);

/* These bytes of the packet have come; all have. */
void ccm_take(struct ccm *ccm, uint32_t offset, const uint8_t *bytes, uint32_t size);
void ccm_packet_is_read(struct ccm *ccm);

/* Bytes of the output so far are free to go to RAM. */
void ccm_offer(struct ccm *ccm);

/* Ends the output once all is read, and all that there is to write is written. */
void ccm_finish(struct ccm *ccm);

#endif
