/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ACL: protects regions of flash until the next reset (PS v1.7, 4.6). NVMC asks it before it writes
 * and erases.
 */
#ifndef SIM_PERIPH_ACL_H
#define SIM_PERIPH_ACL_H

#include "sim/periph/regfile.h"

enum { ACL_REGIONS = 8, ACL_REGISTERS = 3 * ACL_REGIONS };

struct acl {
    struct regfile regs;
    /* Plain state, one registered region. */
    struct acl_state {
        uint32_t value[ACL_REGISTERS]; /* as written first: ADDR[0..7], SIZE[0..7], PERM[0..7] */
        uint32_t written;              /* bit n: value[n] was written since reset */
    } state;
};

extern const struct block_spec acl_spec;

/* Connects the lists to bus and state. `acl` and `fabric` must stay in place. */
void acl_init(struct acl *acl, struct fabric *fabric);

void acl_reset(struct acl *acl);

/* May no byte of `range` be written or erased? */
bool acl_forbids_write(const struct acl *acl, struct byte_range range);

#endif
