/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NVMC: erases and writes flash and UICR (PS v1.7, 4.3).
 *
 * A store of the CPU to flash does not go to the cells: whoever runs the CPU hands it to
 * nvmc_flash_write.
 */
#ifndef SIM_PERIPH_NVMC_H
#define SIM_PERIPH_NVMC_H

#include "sim/periph/acl.h"

struct nvmc {
    struct regfile regs;
    struct fabric *fabric;
    struct acl acl;
    /* Milliseconds of partial erase that each page has had; plain state, one registered region. It
     * is a property of the cells and outlives a reset. */
    uint8_t partial[FLASH_PAGES];
    /* Told after flash bytes changed, for a CPU that holds translated code. NULL: nobody. */
    void (*code_changed)(void *owner, struct byte_range range);
    void *code_owner;
};

extern const struct block_spec nvmc_spec;

/* Connects the block to bus, state and events. `nvmc` and `fabric` must stay in place. */
void nvmc_init(struct nvmc *nvmc, struct fabric *fabric, const struct block_spec *spec);

/* Registers to their reset values; an operation in progress counts as done. */
void nvmc_reset(struct nvmc *nvmc, enum reset_kind reason);

/*
 * The CPU stores `size` bytes (1, 2 or 4) of `value` at `address`, which lies in flash, FICR or
 * UICR. False: the bus answers with an error and nothing changed, for stores that are not whole
 * aligned words or are forbidden by ACL. One without write enable is reported as FLASH_WRITE and
 * has no effect, and so is one to FICR, as WRITE_READ_ONLY.
 */
bool nvmc_flash_write(struct nvmc *nvmc, guest_addr address, unsigned size, uint32_t value);

#endif
