/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NVMC: non-volatile memory controller (PS v1.7, 4.3).
 *
 * Deviations:
 *   1. The CPU is not halted while an operation runs, so READY can be seen as 0 by code in flash. A
 *      further operation meanwhile is accepted and makes the time longer, as the halt would.
 *   2. Cells change at the start of an operation, READY comes at its end. Times are the maxima of
 *      the electrical specification.
 *   3. READYNEXT follows READY.
 *   4. A page that is erased in part keeps its content until the total reaches the full time; on
 *      silicon the content is undefined meanwhile.
 *   5. The number of writes between two erases is not limited.
 *   6. An erase without erase enable, or of a page that does not exist, is reported and ignored.
 *   7. There is no instruction cache: ICACHECNF, IHIT and IMISS are stored only.
 *   8. A store to flash or UICR without write enable is reported and has no effect, whatever its
 *      size and alignment. The specification is silent; so a chip did with a word at address 0 in a
 *      published experiment, and firmware that ships stores halfwords through null pointers.
 */
#include "sim/periph/nvmc.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#include "driver/regs/nvmc.def"
};

static const struct reg_desc nvmc_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/nvmc.def"
};

static const struct field_desc nvmc_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/nvmc.def"
};
/* clang-format on */

enum { WEN_READ = 0, WEN_WRITE = 1, WEN_ERASE = 2 }; /* CONFIG.WEN */

/* Electrical specification, 4.3.9 (deviation 2). */
enum { PAGE_ERASE_MS = 85 };
#define WRITE_TIME (41 * CYCLES_PER_US)
#define ERASE_PAGE_TIME (PAGE_ERASE_MS * CYCLES_PER_MS)
#define ERASE_ALL_TIME (169 * CYCLES_PER_MS)
#define PARTIAL_SETUP_TIME (1080 * CYCLES_PER_US)

static const struct byte_range flash = {FLASH_BASE, FLASH_SIZE};
static const struct byte_range uicr = {UICR_BASE, INFO_SIZE};
static const struct byte_range ficr = {FICR_BASE, INFO_SIZE};

static bool is_enabled(const struct nvmc *nvmc, uint32_t wen)
{
    return regfile_get(&nvmc->regs, CONFIG) == wen;
}

/* ---- Time ------------------------------------------------------------------------------------ */

static void set_ready(struct nvmc *nvmc, bool ready)
{
    regfile_set(&nvmc->regs, READY, ready);
    regfile_set(&nvmc->regs, READYNEXT, ready); /* deviation 3 */
}

static void operation_is_done(void *owner, const struct event *event)
{
    (void)event;
    set_ready(owner, true);
}

/* Busy for `duration` more than it already is (deviation 1). */
static void be_busy(struct nvmc *nvmc, sim_time duration)
{
    struct scheduler *scheduler = nvmc->fabric->scheduler;
    sim_time until = scheduler_when(scheduler, EVENT_NVMC_READY, 0);
    sim_time left = until == SIM_TIME_NEVER ? 0 : until - scheduler->state.now;

    scheduler_cancel(scheduler, EVENT_NVMC_READY, 0);
    scheduler_add(scheduler, EVENT_NVMC_READY, 0, left + duration, 0);
    set_ready(nvmc, false);
}

/* ---- Cells ----------------------------------------------------------------------------------- */

static void erase(struct nvmc *nvmc, struct byte_range range)
{
    bool is_code = range_covers(flash, range);

    if (is_code)
        memory_flash_changing(nvmc->fabric->memory, range);
    memset(memory_at(nvmc->fabric->memory, range), 0xff, range.size);
    if (is_code && nvmc->code_changed)
        nvmc->code_changed(nvmc->code_owner, range);
}

/* Writing can only turn ones into zeros. */
static void write_word(struct nvmc *nvmc, guest_addr address, uint32_t value)
{
    struct byte_range range = {address, 4};
    bool is_code = range_contains(flash, address);
    uint8_t *cells = memory_at(nvmc->fabric->memory, range);

    if (is_code)
        memory_flash_changing(nvmc->fabric->memory, range);
    store_le32(cells, load_le32(cells) & value);
    if (is_code && nvmc->code_changed)
        nvmc->code_changed(nvmc->code_owner, range);
}

static void report(struct nvmc *nvmc, enum misuse misuse, guest_addr address, uint32_t value)
{
    struct trace *trace = nvmc->fabric->trace;

    trace_emit(trace, (struct observation){.kind = OBS_MISUSE,
                                           .misuse = {.misuse = misuse,
                                                      .pc = trace->state.pc,
                                                      .address = address,
                                                      .value = value}});
}

bool nvmc_flash_write(struct nvmc *nvmc, guest_addr address, unsigned size, uint32_t value)
{
    if (range_contains(ficr, address)) {
        report(nvmc, MISUSE_WRITE_READ_ONLY, address, value);
        return true;
    }
    if (!range_contains(flash, address) && !range_contains(uicr, address))
        return false;
    if (!is_enabled(nvmc, WEN_WRITE)) {
        report(nvmc, MISUSE_FLASH_WRITE, address, value);
        return true; /* deviation 8 */
    }
    if (size != 4 || address % 4 || acl_forbids_write(&nvmc->acl, (struct byte_range){address, 4}))
        return false;
    write_word(nvmc, address, value);
    be_busy(nvmc, WRITE_TIME);
    return true;
}

/* ---- Erase registers ------------------------------------------------------------------------- */

/* Deviation 6. */
static bool may_erase(struct nvmc *nvmc, uint32_t offset, uint32_t value)
{
    if (is_enabled(nvmc, WEN_ERASE))
        return true;
    regfile_misuse(&nvmc->regs, MISUSE_FLASH_WRITE, offset, value);
    return false;
}

static bool is_page(struct nvmc *nvmc, uint32_t offset, uint32_t address)
{
    if (range_contains(flash, address) && address % FLASH_PAGE == 0)
        return true;
    regfile_misuse(&nvmc->regs, MISUSE_RESERVED_BITS, offset, address);
    return false;
}

static bool is_protected(const struct nvmc *nvmc, guest_addr page)
{
    return acl_forbids_write(&nvmc->acl, (struct byte_range){page, FLASH_PAGE});
}

static void erase_page(struct nvmc *nvmc, guest_addr address)
{
    if (is_protected(nvmc, address))
        return;
    nvmc->partial[address / FLASH_PAGE] = 0;
    erase(nvmc, (struct byte_range){address, FLASH_PAGE});
}

static void erasepage_written(void *owner, unsigned index, uint32_t address)
{
    struct nvmc *nvmc = owner;

    (void)index;
    if (!may_erase(nvmc, ERASEPAGE, address) || !is_page(nvmc, ERASEPAGE, address))
        return;
    erase_page(nvmc, address);
    be_busy(nvmc, ERASE_PAGE_TIME);
}

static void erasepagepartial_written(void *owner, unsigned index, uint32_t address)
{
    struct nvmc *nvmc = owner;
    uint32_t duration = regfile_get(&nvmc->regs, ERASEPAGEPARTIALCFG);
    uint32_t total;

    (void)index;
    if (!may_erase(nvmc, ERASEPAGEPARTIAL, address) || !is_page(nvmc, ERASEPAGEPARTIAL, address))
        return;
    total = nvmc->partial[address / FLASH_PAGE] + duration;
    if (total >= PAGE_ERASE_MS)
        erase_page(nvmc, address);
    else
        nvmc->partial[address / FLASH_PAGE] = (uint8_t)total; /* deviation 4 */
    be_busy(nvmc, duration * CYCLES_PER_MS + PARTIAL_SETUP_TIME);
}

static void eraseall_written(void *owner, unsigned index, uint32_t value)
{
    struct nvmc *nvmc = owner;

    (void)index;
    if (!(value & 1) || !may_erase(nvmc, ERASEALL, value))
        return;
    for (guest_addr page = FLASH_BASE; page < FLASH_BASE + FLASH_SIZE; page += FLASH_PAGE)
        erase_page(nvmc, page);
    erase(nvmc, uicr);
    be_busy(nvmc, ERASE_ALL_TIME);
}

static void eraseuicr_written(void *owner, unsigned index, uint32_t value)
{
    struct nvmc *nvmc = owner;

    (void)index;
    if (!(value & 1) || !may_erase(nvmc, ERASEUICR, value))
        return;
    erase(nvmc, uicr);
    be_busy(nvmc, ERASE_PAGE_TIME);
}

/* ---- Block ----------------------------------------------------------------------------------- */

static const struct reg_hook nvmc_hooks[] = {
    {ERASEPAGE, erasepage_written, NULL},
    {ERASEALL, eraseall_written, NULL},
    {ERASEUICR, eraseuicr_written, NULL},
    {ERASEPAGEPARTIAL, erasepagepartial_written, NULL},
    {0, NULL, NULL},
};

const struct block_spec nvmc_spec = {
    .name = "NVMC",
    .base = 0x4001e000,
    .size = 0x800, /* ACL has the rest of the page */
    .irq = NO_IRQ,
    .regs = nvmc_regs,
    .reg_count = ARRAY_LENGTH(nvmc_regs),
    .fields = nvmc_fields,
    .field_count = ARRAY_LENGTH(nvmc_fields),
    .hooks = nvmc_hooks,
};

void nvmc_init(struct nvmc *nvmc, struct fabric *fabric, const struct block_spec *spec)
{
    *nvmc = (struct nvmc){.fabric = fabric};
    regfile_init(&nvmc->regs, spec, fabric, nvmc);
    acl_init(&nvmc->acl, fabric);
    state_register(fabric->state, "NVMC partial erase", nvmc->partial, sizeof nvmc->partial);
    scheduler_handle(fabric->scheduler, EVENT_NVMC_READY, operation_is_done, nvmc);
}

void nvmc_reset(struct nvmc *nvmc, enum reset_kind reason)
{
    (void)reason;
    scheduler_cancel(nvmc->fabric->scheduler, EVENT_NVMC_READY, 0);
    regfile_reset(&nvmc->regs);
    acl_reset(&nvmc->acl);
}
