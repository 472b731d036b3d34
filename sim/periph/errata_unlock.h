/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Three registers without a chapter, which workarounds for errata 171, 187 and 211 of USBD write
 * (nRF52840 Errata).
 */
#ifndef SIM_PERIPH_ERRATA_UNLOCK_H
#define SIM_PERIPH_ERRATA_UNLOCK_H

#include "sim/periph/regfile.h"

struct errata_unlock {
    struct regfile regs;
    uint32_t unlocked; /* 0 or 1; plain state, one registered region */
};

extern const struct block_spec errata_unlock_spec;

/* Connects the registers to bus and state, locked. `errata` and `fabric` must stay in place. */
void errata_unlock_init(struct errata_unlock *errata, struct fabric *fabric,
                        const struct block_spec *spec);

/* Locked again, all values 0. */
void errata_unlock_reset(struct errata_unlock *errata, enum reset_kind reason);

#endif
