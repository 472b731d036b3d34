/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ACL: access control lists (PS v1.7, 4.6).
 *
 * Deviations:
 *   1. Reading is not forbidden: READ is stored only.
 *   2. A second write to a register is reported as a write to a read-only one, and ignored.
 *   3. A store to a protected region is a bus fault, an erase of it is ignored; an ERASEALL erases
 *      the rest. The specification says only that they are not possible.
 */
#include "sim/periph/acl.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset), name##_STRIDE = (stride),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb),
#include "driver/regs/acl.def"
};

static const struct reg_desc acl_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/acl.def"
};

static const struct field_desc acl_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/acl.def"
};
/* clang-format on */

/* The first write stays. */
static void written_once(struct acl *acl, uint32_t offset, unsigned n, uint32_t value)
{
    if (acl->state.written & bit32(n))
        regfile_misuse(&acl->regs, MISUSE_WRITE_READ_ONLY, offset, value);
    else
        acl->state.value[n] = regfile_get(&acl->regs, offset);
    acl->state.written |= bit32(n);
    regfile_set(&acl->regs, offset, acl->state.value[n]);
}

static void addr_written(void *owner, unsigned index, uint32_t value)
{
    written_once(owner, ACL_ADDR + index * ACL_ADDR_STRIDE, index, value);
}

static void size_written(void *owner, unsigned index, uint32_t value)
{
    written_once(owner, ACL_SIZE + index * ACL_SIZE_STRIDE, ACL_REGIONS + index, value);
}

static void perm_written(void *owner, unsigned index, uint32_t value)
{
    written_once(owner, ACL_PERM + index * ACL_PERM_STRIDE, 2 * ACL_REGIONS + index, value);
}

bool acl_forbids_write(const struct acl *acl, struct byte_range range)
{
    const uint32_t *addr = acl->state.value;
    const uint32_t *size = addr + ACL_REGIONS;
    const uint32_t *perm = size + ACL_REGIONS;

    for (unsigned i = 0; i < ACL_REGIONS; i++) {
        if (perm[i] & bit32(ACL_PERM_WRITE_LSB) &&
            ranges_overlap((struct byte_range){addr[i], size[i]}, range))
            return true;
    }
    return false;
}

static const struct reg_hook acl_hooks[] = {
    {ACL_ADDR, addr_written, NULL},
    {ACL_SIZE, size_written, NULL},
    {ACL_PERM, perm_written, NULL},
    {0, NULL, NULL},
};

const struct block_spec acl_spec = {
    .name = "ACL",
    .base = BASE_NVMC,
    .first = ACL_ADDR,
    .size = REGFILE_SIZE,
    .irq = NO_IRQ,
    .regs = acl_regs,
    .reg_count = ARRAY_LENGTH(acl_regs),
    .fields = acl_fields,
    .field_count = ARRAY_LENGTH(acl_fields),
    .hooks = acl_hooks,
};

void acl_init(struct acl *acl, struct fabric *fabric)
{
    *acl = (struct acl){0};
    regfile_init(&acl->regs, &acl_spec, fabric, acl);
    state_register(fabric->state, "ACL", &acl->state, sizeof acl->state);
}

void acl_reset(struct acl *acl)
{
    regfile_reset(&acl->regs);
    memset(&acl->state, 0, sizeof acl->state);
}
