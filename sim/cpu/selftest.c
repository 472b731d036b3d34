/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does the library behave as sim/cpu relies on? A few instructions each, every callback written
 * down, the record compared with what it has to be.
 */
#include "sim/base/bits.h"
#include "sim/base/heap.h"
#include "sim/cpu/engine.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    CODE = 0x100,
    CODE_HALFWORDS = 4,
    NOWHERE = 0x60000000,
    BRANCH_TO_SELF = 0xe7fe,
    VALUE = 0x11223344,
};
#define EXC_RETURN 0xfffffff9u

/*
 * In a record: an address is an instruction about to execute, "!" the stop there, ">" the jump from
 * there, S a store, R and W a register access, T a trap, U an invalid instruction, F a fault, P the
 * PC at the end.
 */
static const struct check {
    const char *what;
    uint16_t code[CODE_HALFWORDS];
    guest_addr stop_at;
    guest_addr jump_at; /* to stop_at; 0: no jump */
    uint32_t handler;   /* IPSR while it runs */
    const char *record;
} checks[] = {
    {"instructions are not announced one by one",
     {0x2301, 0xbf00},
     0x104,
     0,
     0,
     "100 102 104! P104"},
    {"skipped instructions are announced",
     {0x4280, 0xbf18, 0x2301},
     0x106,
     0,
     0,
     "100 102 106! P106"},
    {"a jump is not exact", {0x2301, 0x2302}, 0x106, 0x102, 0, "100 102> 106! P106"},
    {"stores are not announced", {0x6001}, 0x102, 0, 0, "100 S20000000=11223344 102! P102"},
    {"unaligned stores are not announced whole",
     {0xf8c0, 0x1001},
     0x104,
     0,
     0,
     "100 S20000001=11223344 104! P104"},
    {"register accesses are not announced",
     {0x6011, 0x6813},
     0x104,
     0,
     0,
     "100 W40000000=11223344 102 R40000000 104! P104"},
    {"SVC does not trap", {0xdf00}, 0x102, 0, 0, "100 T0@102 102! P102"},
    {"exception return does not trap", {0x4770}, 0, 0, 11, "100 T3@fffffff8! Pfffffff8"},
    {"WFI does not leave", {0xbf30}, 0x102, 0, 0, "100 P102"},
    {"WFE does not leave", {0xbf20}, 0x102, 0, 0, "100 U P102"},
    {"an undefined instruction does not leave", {0xde00}, 0x102, 0, 0, "100 U P100"},
    {"the core is not an Armv7-M one", {0xe8d0, 0x3faf}, 0x104, 0, 0, "100 U P100"},
    {"a load from nowhere does not leave", {0x6823}, 0x102, 0, 0, "100 F60000000 P100"},
};

struct record {
    struct engine engine;
    const struct check *check;
    size_t length;
    char text[160];
};

static void note(struct record *record, const char *format, ...) PRINTF_LIKE(2, 3);

static void note(struct record *record, const char *format, ...)
{
    size_t room = sizeof record->text - record->length;
    va_list values;
    int written;

    va_start(values, format);
    written = vsnprintf(record->text + record->length, room, format, values);
    va_end(values);
    record->length += (size_t)written < room ? (size_t)written : room - 1;
}

static void on_instruction(struct uc_struct *uc, uint64_t address, uint32_t size, void *owner)
{
    struct record *record = owner;
    const struct check *check = record->check;
    bool runaway = record->length > sizeof record->text / 2;

    (void)uc;
    (void)size;
    note(record, "%x", (unsigned)address);
    if (address == check->stop_at || runaway) {
        note(record, "!");
        engine_stop(&record->engine);
    } else if (address == check->jump_at) {
        note(record, ">");
        engine_jump(&record->engine, check->stop_at);
    }
    note(record, " ");
}

static bool on_store(struct uc_struct *uc, unsigned type, uint64_t address, int size, int64_t value,
                     void *owner)
{
    (void)uc;
    (void)type;
    if (size == 4) /* an unaligned one may be repeated in bytes */
        note(owner, "S%x=%x ", (unsigned)address, (unsigned)value);
    return true;
}

static uint32_t on_read(void *owner, guest_addr address, unsigned size)
{
    (void)size;
    note(owner, "R%x ", address);
    return 0;
}

static void on_write(void *owner, guest_addr address, unsigned size, uint32_t value)
{
    (void)size;
    note(owner, "W%x=%x ", address, value);
}

static void on_trap(void *owner, enum engine_trap trap)
{
    struct record *record = owner;

    note(record, "T%d@%x", (int)trap, engine_get(&record->engine, ENGINE_PC));
    if (trap != ENGINE_SVC) {
        note(record, "!");
        engine_stop(&record->engine);
    }
    note(record, " ");
}

static void on_invalid(void *owner)
{
    note(owner, "U ");
}

static void on_fault(void *owner, enum engine_fault fault, guest_addr address)
{
    (void)fault;
    note(owner, "F%x ", address);
}

static const struct engine_hooks hooks = {.instruction = on_instruction,
                                          .store = on_store,
                                          .mmio_read = on_read,
                                          .mmio_write = on_write,
                                          .trap = on_trap,
                                          .invalid = on_invalid,
                                          .fault = on_fault};

static bool run_check(struct record *record, struct memory *memory, const struct check *check)
{
    struct engine *engine = &record->engine;

    for (unsigned i = 0; i < CODE_HALFWORDS; i++)
        store_le16(memory->flash + CODE + 2 * i, check->code[i]);
    /* Ends the block that the engine translates. */
    store_le16(memory->flash + CODE + 2 * CODE_HALFWORDS, BRANCH_TO_SELF);
    engine_forget(engine, (struct byte_range){CODE, 2 * CODE_HALFWORDS});
    record->check = check;
    record->length = 0;
    engine_set(engine, 0, RAM_BASE);
    engine_set(engine, 1, VALUE);
    engine_set(engine, 2, APB_BASE);
    engine_set(engine, 4, NOWHERE);
    engine_set(engine, ENGINE_LR, EXC_RETURN);
    engine_set(engine, ENGINE_IPSR, check->handler);
    engine_set(engine, ENGINE_EPSR, 1u << 24);
    engine_settle(engine);
    engine_jump(engine, CODE);
    engine_run(engine);
    note(record, "P%x", engine_get(engine, ENGINE_PC));
    return !strcmp(record->text, check->record);
}

static enum status run_checks(struct record *record, struct memory *memory, struct failure *failure)
{
    for (unsigned i = 0; i < ARRAY_LENGTH(checks); i++) {
        if (!run_check(record, memory, &checks[i]))
            return failure_set(failure, STATUS_ENGINE_UNUSABLE, engine_name(), "%s (%s)",
                               checks[i].what, record->text);
    }
    if (load_le32(memory->ram))
        return failure_set(failure, STATUS_ENGINE_UNUSABLE, engine_name(),
                           "stores to read-only memory take effect");
    return STATUS_OK;
}

enum status engine_self_test(struct failure *failure)
{
    struct memory memory = {.flash = heap_allocate_pages(FLASH_SIZE),
                            .ram = heap_allocate_pages(RAM_SIZE),
                            .ficr = heap_allocate_pages(INFO_SIZE),
                            .uicr = heap_allocate_pages(INFO_SIZE)};
    struct record record = {0};
    enum status status = engine_open(&record.engine, &memory, &hooks, &record, failure);

    if (status == STATUS_OK)
        status = run_checks(&record, &memory, failure);
    engine_close(&record.engine);
    memory_release(&memory);
    return status;
}
