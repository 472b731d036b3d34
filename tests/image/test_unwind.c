/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Call frames against the truth: a program of each build runs on a bare CPU, a shadow stack notes
 * every call it makes, and at every instruction the frames must be those of the shadow stack.
 */
#include "tests/image/images.h"

#include "sim/base/bits.h"
#include "sim/base/heap.h"
#include "tests/cmocka.h"

#include <stdio.h>

#include <string.h>
#include <unicorn/unicorn.h>

#define CALLS_ROOM 32u
#define FRAMES_ROOM 40u

struct call {
    guest_addr site;
    guest_addr back;   /* where it returns to */
    uint32_t stack;    /* SP at the call, and again after the return */
    bool is_exception; /* `site` was interrupted */
};

struct bench {
    uc_engine *uc;
    struct image *image;
    struct call calls[CALLS_ROOM];
    unsigned depth;
    uint32_t psp;
    unsigned checked;     /* instructions */
    unsigned deepest;     /* frames */
    guest_addr stop_at;   /* stops before this instruction ... */
    guest_addr called_by; /* ... when this function has called it; 0: in any case ... */
    unsigned stop_after;  /* ... or after so many */
    char mismatch[512];
};

static uint32_t read_register(const struct bench *bench, int id)
{
    uint32_t value = 0;

    (void)uc_reg_read(bench->uc, id, &value);
    return value;
}

static void write_register(const struct bench *bench, int id, uint32_t value)
{
    assert_int_equal(uc_reg_write(bench->uc, id, &value), UC_ERR_OK);
}

static bool read_memory(void *owner, guest_addr address, uint32_t *word)
{
    const struct bench *bench = owner;
    uint8_t bytes[4];

    if (uc_mem_read(bench->uc, address, bytes, 4) != UC_ERR_OK)
        return false;
    *word = load_le32(bytes);
    return true;
}

static struct unwind_start moment_of(struct bench *bench, guest_addr pc)
{
    struct unwind_start start = {.psp = bench->psp, .read = read_memory, .owner = bench};

    for (int n = 0; n < 13; n++)
        start.r[n] = read_register(bench, UC_ARM_REG_R0 + n);
    start.r[13] = start.msp = read_register(bench, UC_ARM_REG_SP);
    start.r[14] = read_register(bench, UC_ARM_REG_LR);
    start.r[15] = pc;
    return start;
}

static unsigned unwind(struct bench *bench, guest_addr pc, struct frame frames[FRAMES_ROOM])
{
    struct unwind_start start = moment_of(bench, pc);

    return image_unwind(bench->image, &start, frames, FRAMES_ROOM);
}

static void describe(struct bench *bench, guest_addr pc, const struct frame *frames, unsigned count)
{
    char *text = bench->mismatch;
    size_t room = sizeof bench->mismatch;
    int used = snprintf(text, room, "%s at 0x%x: frames", image_path(bench->image), pc);

    for (unsigned i = 0; i < count && (size_t)used < room; i++)
        used += snprintf(text + used, room - (size_t)used, " %x%s", frames[i].pc,
                         frames[i].is_exception ? "!" : "");
    used += snprintf(text + used, room - (size_t)used, ", truth %x", pc);
    for (unsigned i = bench->depth; i-- > 0 && (size_t)used < room;)
        used += snprintf(text + used, room - (size_t)used, " %x%s", bench->calls[i].site,
                         bench->calls[i].is_exception ? "!" : "");
}

static void compare(struct bench *bench, guest_addr pc)
{
    struct frame frames[FRAMES_ROOM];
    unsigned count = unwind(bench, pc, frames);
    bool is_same = count == bench->depth + 1 && frames[0].pc == pc && !frames[0].is_exception;

    for (unsigned i = 1; is_same && i < count; i++) {
        const struct call *call = &bench->calls[bench->depth - i];

        is_same = frames[i].pc == call->site && frames[i].is_exception == call->is_exception;
    }
    bench->checked++;
    if (count > bench->deepest)
        bench->deepest = count;
    if (!is_same && !bench->mismatch[0])
        describe(bench, pc, frames, count);
}

static bool is_call(const uint8_t code[4], uint32_t *size)
{
    uint16_t first = load_le16(code);
    bool is_blx = (first & 0xff87) == 0x4780;

    *size = is_blx ? 2 : 4;
    return is_blx || ((first & 0xf800) == 0xf000 && (load_le16(code + 2) & 0xd000) == 0xd000);
}

static bool is_stop(const struct bench *bench, guest_addr pc)
{
    struct symbol caller;

    if (pc != bench->stop_at || !bench->called_by)
        return pc == bench->stop_at;
    return bench->depth &&
           image_symbol_at(bench->image, bench->calls[bench->depth - 1].site, &caller) &&
           caller.address == bench->called_by;
}

static void each_instruction(uc_engine *uc, uint64_t address, uint32_t unused, void *owner)
{
    struct bench *bench = owner;
    guest_addr pc = (guest_addr)address;
    uint32_t stack = read_register(bench, UC_ARM_REG_SP);
    uint8_t code[4] = {0};
    uint32_t size;

    (void)unused;
    while (bench->depth && bench->calls[bench->depth - 1].back == pc &&
           bench->calls[bench->depth - 1].stack == stack)
        bench->depth--;
    if (is_stop(bench, pc) || bench->checked >= bench->stop_after) {
        (void)uc_emu_stop(uc);
        return;
    }
    compare(bench, pc);
    (void)uc_mem_read(uc, pc, code, 4);
    if (is_call(code, &size) && bench->depth < CALLS_ROOM)
        bench->calls[bench->depth++] = (struct call){.site = pc, .back = pc + size, .stack = stack};
}

static void open_bench(struct bench *bench, const char *name)
{
    uc_hook hook;

    memset(bench, 0, sizeof *bench);
    bench->image = load_built(name);
    assert_int_equal(uc_open(UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS, &bench->uc), UC_ERR_OK);
    assert_int_equal(uc_ctl_set_cpu_model(bench->uc, UC_CPU_ARM_CORTEX_M4), UC_ERR_OK);
    assert_int_equal(uc_mem_map(bench->uc, 0, FLASH_SIZE, UC_PROT_ALL), UC_ERR_OK);
    assert_int_equal(uc_mem_map(bench->uc, RAM_BASE, RAM_SIZE, UC_PROT_ALL), UC_ERR_OK);
    for (unsigned i = 0; i < image_segment_count(bench->image); i++) {
        struct image_segment segment = image_segment(bench->image, i);

        assert_int_equal(uc_mem_write(bench->uc, segment.address, segment.bytes, segment.size),
                         UC_ERR_OK);
    }
    assert_int_equal(uc_hook_add(bench->uc, &hook, UC_HOOK_CODE,
                                 (void *)(uintptr_t)each_instruction, bench, (uint64_t)1,
                                 (uint64_t)0),
                     UC_ERR_OK);
    write_register(bench, UC_ARM_REG_SP, RAM_BASE + RAM_SIZE);
    write_register(bench, UC_ARM_REG_LR, 0xffffffff);
    bench->stop_at = address_of(bench->image, "finish");
    bench->stop_after = 100000;
}

static void close_bench(struct bench *bench)
{
    assert_int_equal(uc_close(bench->uc), UC_ERR_OK);
    image_free(bench->image);
    if (bench->mismatch[0])
        fail_msg("%s", bench->mismatch);
}

static void run_from(struct bench *bench, guest_addr pc)
{
    assert_int_equal(uc_emu_start(bench->uc, pc | 1, 0xfffffffe, 0, 0), UC_ERR_OK);
}

/* To the end: the return to EXC_RETURN, which this bare CPU does not know to handle. */
static void run_handler(struct bench *bench, guest_addr pc)
{
    assert_int_equal(uc_emu_start(bench->uc, pc | 1, 0xfffffffe, 0, 0), UC_ERR_EXCEPTION);
    assert_true(read_register(bench, UC_ARM_REG_PC) >= 0xffffffe0);
}

/* .data is loaded next to the code and start-up code would copy it; the test does. */
static void copy_initial_data(struct bench *bench)
{
    guest_addr from = address_of(bench->image, "data_load");
    guest_addr to = address_of(bench->image, "data_start");
    uint32_t size = address_of(bench->image, "data_end") - to;
    uint8_t bytes[256];

    assert_true(size <= sizeof bytes);
    assert_int_equal(uc_mem_read(bench->uc, from, bytes, size), UC_ERR_OK);
    assert_int_equal(uc_mem_write(bench->uc, to, bytes, size), UC_ERR_OK);
}

static void walk_every_instruction(const char *name)
{
    struct bench bench;

    open_bench(&bench, name);
    copy_initial_data(&bench);
    run_from(&bench, address_of(bench.image, "reset"));
    assert_true(bench.checked > 400 && bench.checked < bench.stop_after);
    assert_true(bench.deepest >= 5);
    close_bench(&bench);
}

static void frames_are_those_of_the_calls_at_every_instruction(void **state)
{
    (void)state;
    for_each_build(walk_every_instruction);
}

static void values_are_consecutive(const struct bench *bench, const struct variable *local)
{
    uint32_t first = 0;
    uint32_t next = 0;

    assert_true(read_memory((void *)(uintptr_t)bench, local->range.start, &first));
    for (uint32_t i = 1; i < 20; i++) {
        assert_true(read_memory((void *)(uintptr_t)bench, local->range.start + 4 * i, &next));
        assert_int_equal(next, first + i);
    }
}

/* with_locals() has filled an array of 20 words and called leaf(). */
static void find_the_array_of_the_caller(const char *name)
{
    struct frame frames[FRAMES_ROOM];
    struct unwind_start moment;
    struct variable local = {.range = {0, 0}};
    struct variable found;
    struct bench bench;
    uint32_t inside = 0;

    open_bench(&bench, name);
    copy_initial_data(&bench);
    bench.stop_at = address_of(bench.image, "leaf");
    bench.called_by = address_of(bench.image, "with_locals");
    run_from(&bench, address_of(bench.image, "reset"));
    assert_true(unwind(&bench, bench.stop_at, frames) > 2);
    moment = moment_of(&bench, bench.stop_at);
    for (guest_addr at = frames[1].stack; at < frames[2].stack; at++) {
        if (!image_local_at(bench.image, &moment, at, &found) || strcmp(found.name, "local") != 0)
            continue;
        local = found;
        inside++;
        assert_string_equal(local.function, "with_locals");
        assert_int_equal(local.range.size, 80);
        assert_true(range_contains(local.range, at));
    }
    assert_int_equal(inside, 80);
    values_are_consecutive(&bench, &local);
    close_bench(&bench);
}

static void a_local_array_is_found_where_its_values_are(void **state)
{
    (void)state;
    for_each_build(find_the_array_of_the_caller);
}

/* What the CPU does when it takes an exception (Armv7-M ARM, B1.5.6). */
struct entry {
    uint32_t exc_return;
    bool is_process;   /* the interrupted code runs on the process stack */
    bool has_fp_frame; /* room for floating-point registers */
};

static void push_frame(struct bench *bench, const struct entry *entry, guest_addr pc)
{
    uint32_t before = read_register(bench, UC_ARM_REG_SP);
    uint32_t frame = (before - (entry->has_fp_frame ? 0x68 : 0x20)) & ~7u;
    uint32_t words[8] = {read_register(bench, UC_ARM_REG_R0),
                         read_register(bench, UC_ARM_REG_R1),
                         read_register(bench, UC_ARM_REG_R2),
                         read_register(bench, UC_ARM_REG_R3),
                         read_register(bench, UC_ARM_REG_R12),
                         read_register(bench, UC_ARM_REG_LR),
                         pc,
                         0x01000000 | (before & 4) << 7};

    for (unsigned i = 0; i < 8; i++) {
        uint8_t bytes[4];

        store_le32(bytes, words[i]);
        assert_int_equal(uc_mem_write(bench->uc, frame + 4 * i, bytes, 4), UC_ERR_OK);
    }
    bench->psp = entry->is_process ? frame : 0;
    write_register(bench, UC_ARM_REG_SP, entry->is_process ? RAM_BASE + 0x8000 : frame);
    write_register(bench, UC_ARM_REG_LR, entry->exc_return);
}

/* Interrupts the program `after` so many instructions by the handler, and walks all of that. */
static void interrupt(const char *name, unsigned after, const struct entry *entry)
{
    struct bench bench;
    guest_addr pc;

    open_bench(&bench, name);
    copy_initial_data(&bench);
    bench.stop_after = after;
    run_from(&bench, address_of(bench.image, "reset"));
    pc = read_register(&bench, UC_ARM_REG_PC);
    push_frame(&bench, entry, pc);
    bench.calls[bench.depth++] = (struct call){.site = pc, .is_exception = true};
    bench.stop_after = after + 1000;
    run_handler(&bench, address_of(bench.image, "handler"));
    assert_true(bench.checked > after + 15);
    close_bench(&bench);
}

static void interrupt_here_and_there(const char *name)
{
    static const struct entry entries[] = {
        {0xfffffff9, false, false}, {0xfffffff1, false, false}, {0xfffffffd, true, false},
        {0xffffffe9, false, true},  {0xffffffe1, false, true},  {0xffffffed, true, true},
    };

    for (unsigned i = 0; i < ARRAY_LENGTH(entries); i++)
        for (unsigned after = 3 + 20 * i; after < 330; after += 157)
            interrupt(name, after, &entries[i]);
}

static void frames_go_on_behind_an_exception(void **state)
{
    (void)state;
    for_each_build(interrupt_here_and_there);
}

static bool read_nothing(void *owner, guest_addr address, uint32_t *word)
{
    (void)owner;
    (void)address;
    *word = 0;
    return false;
}

static void unknown_memory_ends_the_walk(void **state)
{
    struct image *image = load_built("gcc-O2.elf");
    struct unwind_start start = {.read = read_nothing};
    struct frame frames[8];

    (void)state;
    start.r[13] = RAM_BASE + 0x100;
    start.r[14] = address_of(image, "main") | 1;
    start.r[15] = address_of(image, "with_locals") + 16; /* its frame is made */
    assert_int_equal(image_unwind(image, &start, frames, 8), 1);
    assert_int_equal(frames[0].pc, start.r[15]);
    start.r[14] = 0xfffffff9;
    start.r[15] = address_of(image, "copy_word");
    assert_int_equal(image_unwind(image, &start, frames, 8), 1);
    image_free(image);
}

/* leaf() keeps its return address in LR; were it a caller, the call would have overwritten it. */
static void a_caller_does_not_return_by_the_link_register(void **state)
{
    struct image *image = load_built("gcc-O2.elf");
    struct unwind_start start = {.read = read_nothing};
    struct frame frames[8];

    (void)state;
    start.r[13] = RAM_BASE + 0x100;
    start.r[14] = (address_of(image, "leaf") + 8) | 1;
    start.r[15] = address_of(image, "copy_word");
    assert_int_equal(image_unwind(image, &start, frames, 8), 2);
    image_free(image);
}

static void an_address_outside_the_image_is_a_frame_alone(void **state)
{
    struct image *image = load_built("gcc-O2.elf");
    struct unwind_start start = {.read = read_nothing, .r[15] = 0x30000000};
    struct frame frames[8];

    (void)state;
    assert_int_equal(image_unwind(image, &start, frames, 0), 0);
    assert_int_equal(image_unwind(image, &start, frames, 8), 1);
    assert_int_equal(frames[0].pc, 0x30000000);
    image_free(image);
}

static void without_call_frame_information_the_link_register_leads_out_of_a_leaf(void **state)
{
    size_t size;
    uint8_t *bytes = read_built("gcc-O2.bin", &size);
    struct image *elf = load_built("gcc-O2.elf");
    struct image_limits limits = nrf52840_limits;
    struct unwind_start start = {.read = read_nothing};
    struct frame frames[8];
    struct image *image;

    (void)state;
    limits.as_binary = true;
    assert_int_equal(image_load_bytes(&image, "raw", bytes, size, &limits, NULL), STATUS_OK);
    start.r[13] = RAM_BASE + 0x100;
    start.r[14] = address_of(elf, "finish") | 1; /* behind the call of main */
    start.r[15] = address_of(elf, "leaf");
    assert_int_equal(image_unwind(image, &start, frames, 8), 2);
    assert_int_equal(frames[1].pc, address_of(elf, "reset"));
    image_free(image);
    image_free(elf);
    heap_release(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_those_of_the_calls_at_every_instruction),
        cmocka_unit_test(frames_go_on_behind_an_exception),
        cmocka_unit_test(a_local_array_is_found_where_its_values_are),
        cmocka_unit_test(unknown_memory_ends_the_walk),
        cmocka_unit_test(a_caller_does_not_return_by_the_link_register),
        cmocka_unit_test(an_address_outside_the_image_is_a_frame_alone),
        cmocka_unit_test(without_call_frame_information_the_link_register_leads_out_of_a_leaf),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
