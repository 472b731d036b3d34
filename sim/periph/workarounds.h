/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registers that stand in no manual, and that drivers in the field write. workarounds.def lists
 * them. A block that knows one of them comes first.
 */
#ifndef SIM_PERIPH_WORKAROUND_H
#define SIM_PERIPH_WORKAROUND_H

#include "sim/periph/fabric.h"
#include "sim/periph/reset.h"

enum {
#define WORKAROUND(address, reset, erratum, brief) WORKAROUND_##address,
#include "sim/periph/workarounds.def"
#undef WORKAROUND
    WORKAROUND_COUNT,
};

struct workarounds {
    /* Plain state, one registered region. */
    struct workarounds_state {
        uint64_t off; /* bit n: the block of page n from 0x40000000 is switched off */
        uint32_t word[WORKAROUND_COUNT]; /* as in workarounds.def */
    } state;
    /* Wiring: who takes the blocks at `base` back to what they are after a reset. NULL: nobody. */
    void (*power_cycle)(void *owner, guest_addr base);
    void *owner;
};

/* What is known of the register number `index`; NULL behind the last one. */
struct workaround_register {
    guest_addr address;
    uint32_t reset;
    unsigned erratum; /* 0: none */
    const char *brief;
};
const struct workaround_register *workaround_register(unsigned index);

/* Answers on the bus where no block does. */
void workarounds_init(struct workarounds *workarounds, struct fabric *fabric);
void workarounds_reset(struct workarounds *workarounds, enum reset_kind reason);

#endif
