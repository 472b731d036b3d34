/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page that CLOCK and POWER share: which half answers for which register (PS v1.7, 5.3, 5.4).
 * The deviations stand in clock.c and power.c.
 */
#include "sim/periph/power_clock.h"

#include "sim/base/compiler.h"
#include "sim/periph/clock.h"
#include "sim/periph/page_registers.h"
#include "sim/periph/power.h"

/* clang-format off */
static const struct reg_desc page_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/clock.def"
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/power.def"
};

static const struct field_desc page_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/clock.def"
#define FIELD REGFILE_FIELD
#include "driver/regs/power.def"
};

/* The first rows of the tables are CLOCK's, the others POWER's. */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) CLOCK_ROW_##name,
#include "driver/regs/clock.def"
    CLOCK_REG_COUNT
};

enum {
#define FIELD(reg, name, lsb, width, brief) CLOCK_ROW_##reg##_##name,
#include "driver/regs/clock.def"
    CLOCK_FIELD_COUNT
};
/* clang-format on */

static const struct reg_hook page_hooks[] = {
    {CLOCK_TASKS_HFCLKSTART, clock_hfclkstart, NULL},
    {CLOCK_TASKS_HFCLKSTOP, clock_hfclkstop, NULL},
    {CLOCK_TASKS_LFCLKSTART, clock_lfclkstart, NULL},
    {CLOCK_TASKS_LFCLKSTOP, clock_lfclkstop, NULL},
    {CLOCK_TASKS_CAL, clock_cal, NULL},
    {CLOCK_TASKS_CTSTART, clock_ctstart, NULL},
    {CLOCK_TASKS_CTSTOP, clock_ctstop, NULL},
    {CLOCK_INTENSET, power_intenset, NULL},
    {POWER_EVENTS_USBPWRRDY, NULL, power_usbpwrrdy},
    {POWER_USBREGSTATUS, NULL, power_usbregstatus},
    {POWER_SYSTEMOFF, power_systemoff, NULL},
    {POWER_POFCON, power_pofcon, NULL},
    {POWER_RAM_POWER, power_ram_power, NULL},
    {POWER_RAM_POWERSET, power_ram_powerset, NULL},
    {POWER_RAM_POWERCLR, power_ram_powerclr, NULL},
    {0, NULL, NULL},
};

enum { PAGE_BASE = 0x40000000, PAGE_SIZE = 0x1000, PAGE_IRQ = 0 };

static const char *part(uint32_t offset)
{
    for (unsigned row = 0; row < CLOCK_REG_COUNT; row++) {
        const struct reg_desc *desc = &page_regs[row];

        if (offset - desc->offset < (uint32_t)desc->count * desc->stride || offset == desc->offset)
            return clock_spec.name;
    }
    return power_spec.name;
}

const struct block_spec power_clock_spec = {
    .name = "POWER_CLOCK",
    .base = PAGE_BASE,
    .size = PAGE_SIZE,
    .irq = PAGE_IRQ,
    .regs = page_regs,
    .reg_count = ARRAY_LENGTH(page_regs),
    .fields = page_fields,
    .field_count = ARRAY_LENGTH(page_fields),
    .hooks = page_hooks,
    .part = part,
};

const struct block_spec clock_spec = {
    .name = "CLOCK",
    .base = PAGE_BASE,
    .size = PAGE_SIZE,
    .irq = PAGE_IRQ,
    .regs = page_regs,
    .reg_count = CLOCK_REG_COUNT,
    .fields = page_fields,
    .field_count = CLOCK_FIELD_COUNT,
};

const struct block_spec power_spec = {
    .name = "POWER",
    .base = PAGE_BASE,
    .size = PAGE_SIZE,
    .irq = PAGE_IRQ,
    .regs = page_regs + CLOCK_REG_COUNT,
    .reg_count = ARRAY_LENGTH(page_regs) - CLOCK_REG_COUNT,
    .fields = page_fields + CLOCK_FIELD_COUNT,
    .field_count = ARRAY_LENGTH(page_fields) - CLOCK_FIELD_COUNT,
};

void power_clock_init(struct power_clock *page, struct fabric *fabric)
{
    *page = (struct power_clock){.fabric = fabric};
    regfile_init(&page->regs, &power_clock_spec, fabric, page);
    clock_init(page);
    power_init(page);
}

void power_clock_reset(struct power_clock *page, enum reset_kind kind)
{
    struct power_retained retained = power_before_reset(page, kind);

    clock_reset(page);
    regfile_reset(&page->regs);
    power_after_reset(page, retained);
}
