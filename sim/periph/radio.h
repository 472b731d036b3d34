/* SPDX-License-Identifier: Apache-2.0 */
/* RADIO: 2.4 GHz radio (PS v1.7, 6.20). */
#ifndef SIM_PERIPH_RADIO_H
#define SIM_PERIPH_RADIO_H

#include "sim/board/air.h"
#include "sim/periph/easydma.h"

enum { RADIO_RAM_MAX = 3 + 255 + 1 }; /* S0, LENGTH, S1, payload, LQI */

struct radio {
    struct regfile regs;
    /* Plain state, one registered region. */
    struct radio_state {
        struct air_packet packet;   /* being sent or received */
        sim_time field_at;          /* first bit of the field of the packet under way */
        sim_time last_end;          /* of the packet before, for TIFS */
        sim_time measured_from;     /* EDSTART or CCASTART, or 0 */
        uint32_t field_bits;        /* bits behind the address before that field */
        uint32_t field_size;        /* its bits */
        uint32_t counted_from;      /* where the bit counter started, in such bits */
        uint32_t playing;           /* index of the packet of the air that is next, or under way */
        uint16_t field;             /* the field, as a byte of RAM */
        uint16_t fields;            /* bytes of RAM in all; until LENGTH is known, its own and those
                                       before */
        uint16_t in_ram;            /* bytes that came from RAM */
        uint16_t known;             /* bytes in RAM that an event has told of */
        uint8_t phase;              /* enum radio_phase */
        uint8_t counting;           /* the bit counter runs */
        uint8_t cca;                /* CCASTART, not EDSTART, is under way */
        uint8_t ram[RADIO_RAM_MAX]; /* the packet as in RAM */
        uint8_t unused[2];
    } state;
    /* Wiring. */
    unsigned tx; /* EasyDMA channels */
    unsigned rx;
    const struct air *air;
    struct air nobody;
};

extern const struct block_spec radio_spec;

/* Connects the block to bus, state, events and EasyDMA. All must stay in place. */
void radio_init(struct radio *radio, struct fabric *fabric, const struct block_spec *spec);

void radio_reset(struct radio *radio, enum reset_kind reason);

#endif
