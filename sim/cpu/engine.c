/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory is mapped read-only on purpose, RAM too: a store to a read-only page is handed to us with
 * address, size and value and then discarded by the library, which is how every store is seen, at
 * twice the speed of a store the library performs itself. Hooks on memory reads and writes must not
 * exist at all: one of them, even for a single byte, slows all loads down to less than half.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "sim/cpu/engine.h"

#include <assert.h>
#include <sys/mman.h>
#include <unicorn/unicorn.h>

#define TRANSLATIONS (((size_t)1 << 30) + ((size_t)64 << 20))

static const int register_ids[ENGINE_REGISTERS] = {
    UC_ARM_REG_R0,        UC_ARM_REG_R1,          UC_ARM_REG_R2,      UC_ARM_REG_R3,
    UC_ARM_REG_R4,        UC_ARM_REG_R5,          UC_ARM_REG_R6,      UC_ARM_REG_R7,
    UC_ARM_REG_R8,        UC_ARM_REG_R9,          UC_ARM_REG_R10,     UC_ARM_REG_R11,
    UC_ARM_REG_R12,       UC_ARM_REG_SP,          UC_ARM_REG_LR,      UC_ARM_REG_PC,
    UC_ARM_REG_XPSR,      UC_ARM_REG_XPSR_NZCVQG, UC_ARM_REG_IPSR,    UC_ARM_REG_EPSR,
    UC_ARM_REG_MSP,       UC_ARM_REG_PSP,         UC_ARM_REG_PRIMASK, UC_ARM_REG_BASEPRI,
    UC_ARM_REG_FAULTMASK, UC_ARM_REG_CONTROL,     UC_ARM_REG_FPSCR,
};

static int register_id(unsigned reg)
{
    assert(reg < ENGINE_REGISTERS);
    return reg >= ENGINE_S0 ? UC_ARM_REG_S0 + (int)(reg - ENGINE_S0) : register_ids[reg];
}

uint32_t engine_get(const struct engine *engine, unsigned reg)
{
    uint32_t value = 0;

    (void)uc_reg_read(engine->uc, register_id(reg), &value);
    return value;
}

void engine_set(struct engine *engine, unsigned reg, uint32_t value)
{
    (void)uc_reg_write(engine->uc, register_id(reg), &value);
}

void engine_settle(struct engine *engine)
{
    uint32_t flags = 0;

    /* The only call that makes the library recompute the translation flags of an M-profile core. */
    (void)uc_reg_read(engine->uc, UC_ARM_REG_APSR_NZCV, &flags);
    (void)uc_reg_write(engine->uc, UC_ARM_REG_APSR_NZCV, &flags);
}

void engine_jump(struct engine *engine, guest_addr address)
{
    /* Bit 0 clear would switch to ARM state. */
    engine_set(engine, ENGINE_PC, address | 1);
}

void engine_run(struct engine *engine)
{
    uint64_t begin = engine_get(engine, ENGINE_PC);
    bool thumb = engine_get(engine, ENGINE_EPSR) >> 24 & 1;

    (void)uc_emu_start(engine->uc, begin | thumb, 0, 0, 0);
}

void engine_stop(struct engine *engine)
{
    (void)uc_emu_stop(engine->uc);
}

void engine_forget(struct engine *engine, struct byte_range range)
{
    (void)uc_ctl_remove_cache(engine->uc, (uint64_t)range.start,
                              (uint64_t)range.start + range.size);
}

const char *engine_name(void)
{
    static const char *const names[2][8] = {
        {"Unicorn 2.0.0", "Unicorn 2.0.1"},
        {"Unicorn 2.1.0", "Unicorn 2.1.1", "Unicorn 2.1.2", "Unicorn 2.1.3", "Unicorn 2.1.4"},
    };
    unsigned version = uc_version(NULL, NULL);
    unsigned major = version >> 24;
    unsigned minor = version >> 16 & 0xff;
    unsigned patch = version >> 8 & 0xff;

    if (major == 2 && minor < 2 && patch < 8 && names[minor][patch])
        return names[minor][patch];
    return "Unicorn (unknown version)";
}

/* ---- From Unicorn's callbacks to the hooks --------------------------------------------------- */

static bool on_fault(uc_engine *uc, uc_mem_type type, uint64_t address, int size, int64_t value,
                     void *owner)
{
    const struct engine *engine = owner;
    enum engine_fault fault = ENGINE_BAD_FETCH;

    (void)uc;
    (void)size;
    (void)value;
    if (type == UC_MEM_READ_UNMAPPED || type == UC_MEM_READ_PROT)
        fault = ENGINE_BAD_READ;
    else if (type == UC_MEM_WRITE_UNMAPPED)
        fault = ENGINE_BAD_WRITE;
    engine->hooks->fault(engine->owner, fault, (guest_addr)address);
    return false;
}

static uint64_t on_mmio_read(uc_engine *uc, uint64_t offset, unsigned size, void *owner)
{
    const struct engine_window *window = owner;
    const struct engine *engine = window->engine;

    (void)uc;
    return engine->hooks->mmio_read(engine->owner, window->base + (guest_addr)offset, size);
}

static void on_mmio_write(uc_engine *uc, uint64_t offset, unsigned size, uint64_t value,
                          void *owner)
{
    const struct engine_window *window = owner;
    const struct engine *engine = window->engine;

    (void)uc;
    engine->hooks->mmio_write(engine->owner, window->base + (guest_addr)offset, size,
                              (uint32_t)value);
}

static void on_trap(uc_engine *uc, uint32_t number, void *owner)
{
    const struct engine *engine = owner;
    enum engine_trap trap = ENGINE_UNDEFINED;

    (void)uc;
    switch (number) {
    case 2:
        trap = ENGINE_SVC;
        break;
    case 3:
        trap = ENGINE_PREFETCH_ABORT;
        break;
    case 7:
        trap = ENGINE_BKPT;
        break;
    case 8:
        trap = ENGINE_EXCEPTION_RETURN;
        break;
    case 18:
        trap = ENGINE_BAD_STATE;
        break;
    default:
        break;
    }
    engine->hooks->trap(engine->owner, trap);
}

static bool on_invalid(uc_engine *uc, void *owner)
{
    const struct engine *engine = owner;

    (void)uc;
    engine->hooks->invalid(engine->owner);
    /* "Not handled" leaves the engine with every library; true does so with 2.0 only. */
    return false;
}

/* ---- Set-up ------------------------------------------------------------------------------------
 */

/* The library reserves as much for what it translates to, and ends the process with code 1 when it
 * cannot. */
static bool has_room(void)
{
    void *probe = mmap(NULL, TRANSLATIONS, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (probe == MAP_FAILED)
        return false;
    (void)munmap(probe, TRANSLATIONS);
    return true;
}

static uc_err open_core(uc_engine **uc)
{
    uc_err error = UC_ERR_NOMEM;

    /* Without UC_MODE_MCLASS: that one would make it a Cortex-M33, whatever model is asked for. */
    if (has_room())
        error = uc_open(UC_ARCH_ARM, UC_MODE_THUMB, uc);

    if (error == UC_ERR_OK)
        error = uc_ctl_set_cpu_model(*uc, UC_CPU_ARM_CORTEX_M4);
    return error;
}

/* Mapping with these permissions is not enough: only uc_mem_protect makes stores come to us. */
static uc_err map_read_only(uc_engine *uc, guest_addr base, size_t size, uint8_t *bytes)
{
    uc_err error = uc_mem_map_ptr(uc, base, size, UC_PROT_ALL, bytes);

    if (error == UC_ERR_OK)
        error = uc_mem_protect(uc, base, size, UC_PROT_READ | UC_PROT_EXEC);
    return error;
}

static uc_err map_memory(uc_engine *uc, const struct memory *memory)
{
    const struct {
        guest_addr base;
        size_t size;
        uint8_t *bytes;
    } cells[] = {
        {FLASH_BASE, FLASH_SIZE, memory->flash}, {RAM_CODE_BASE, RAM_SIZE, memory->ram},
        {FICR_BASE, INFO_SIZE, memory->ficr},    {UICR_BASE, INFO_SIZE, memory->uicr},
        {RAM_BASE, RAM_SIZE, memory->ram},
    };

    for (unsigned i = 0; i < ARRAY_LENGTH(cells); i++) {
        uc_err error = map_read_only(uc, cells[i].base, cells[i].size, cells[i].bytes);

        if (error != UC_ERR_OK)
            return error;
    }
    return UC_ERR_OK;
}

static uc_err map_registers(struct engine *engine)
{
    /*
     * With these the library knows eleven regions, RAM is number five, and its binary search, which
     * it does for every store, finds RAM at its first step: that is why PPB comes in two halves.
     */
    static const struct byte_range windows[ENGINE_WINDOWS] = {
        {XIP_BASE, XIP_SIZE},
        {APB_BASE, 0x10000000},
        {AHB_BASE, 0x10000000},
        {PPB_BASE, PPB_SIZE / 2},
        {PPB_BASE + PPB_SIZE / 2, PPB_SIZE / 2},
        {ROM_TABLE_BASE, 0x1000}};

    for (unsigned i = 0; i < ENGINE_WINDOWS; i++) {
        struct engine_window *window = &engine->window[i];
        uc_err error;

        *window = (struct engine_window){engine, windows[i].start};
        error = uc_mmio_map(engine->uc, windows[i].start, windows[i].size, on_mmio_read, window,
                            on_mmio_write, window);
        if (error != UC_ERR_OK)
            return error;
    }
    return UC_ERR_OK;
}

/* All hooks before the first run: later ones would miss code that is translated already. */
static uc_err add_hooks(struct engine *engine)
{
    const struct {
        int type;
        void (*callback)(void);
        void *owner;
    } hooks[] = {
        {UC_HOOK_CODE, (void (*)(void))engine->hooks->instruction, engine->owner},
        {UC_HOOK_MEM_WRITE_PROT, (void (*)(void))engine->hooks->store, engine->owner},
        {UC_HOOK_INTR, (void (*)(void))on_trap, engine},
        {UC_HOOK_INSN_INVALID, (void (*)(void))on_invalid, engine},
        {UC_HOOK_MEM_UNMAPPED | UC_HOOK_MEM_FETCH_PROT, (void (*)(void))on_fault, engine},
    };

    for (unsigned i = 0; i < ARRAY_LENGTH(hooks); i++) {
        /* The library wants a void pointer; ISO C has no cast from a function to one. */
        union {
            void (*function)(void);
            void *object;
        } callback = {hooks[i].callback};
        uc_hook handle;
        uc_err error = uc_hook_add(engine->uc, &handle, hooks[i].type, callback.object,
                                   hooks[i].owner, (uint64_t)1, (uint64_t)0);

        if (error != UC_ERR_OK)
            return error;
    }
    return UC_ERR_OK;
}

static uc_err disable_exits(uc_engine *uc)
{
    uc_err error = uc_ctl_exits_enable(uc);

    return error == UC_ERR_OK ? uc_ctl_set_exits(uc, (uint64_t *)NULL, (size_t)0) : error;
}

enum status engine_open(struct engine *engine, struct memory *memory,
                        const struct engine_hooks *hooks, void *owner, struct failure *failure)
{
    uc_err error;

    *engine = (struct engine){.hooks = hooks, .owner = owner};
    error = open_core(&engine->uc);
    if (error == UC_ERR_OK)
        error = map_memory(engine->uc, memory);
    if (error == UC_ERR_OK)
        error = map_registers(engine);
    if (error == UC_ERR_OK)
        error = add_hooks(engine);
    if (error == UC_ERR_OK)
        error = disable_exits(engine->uc);
    if (error == UC_ERR_OK)
        return STATUS_OK;
    engine_close(engine);
    if (error == UC_ERR_NOMEM)
        return failure_set(failure, STATUS_OUT_OF_MEMORY, engine_name(), NULL);
    return failure_set(failure, STATUS_ENGINE_UNUSABLE, engine_name(), "%s", uc_strerror(error));
}

void engine_close(struct engine *engine)
{
    if (engine->uc)
        (void)uc_close(engine->uc);
    engine->uc = NULL;
}
