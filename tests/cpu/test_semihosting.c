/* SPDX-License-Identifier: Apache-2.0 */
/* Semihosting without a CPU: parameter blocks in RAM, calls by hand. */
#include "tests/cmocka.h"

#include "sim/base/bits.h"
#include "sim/base/heap.h"
#include "sim/base/text.h"
#include "sim/cpu/semihosting.h"

#include <string.h>

enum {
    SYS_OPEN = 0x01,
    SYS_CLOSE = 0x02,
    SYS_WRITEC = 0x03,
    SYS_WRITE0 = 0x04,
    SYS_WRITE = 0x05,
    SYS_READ = 0x06,
    SYS_READC = 0x07,
    SYS_ISERROR = 0x08,
    SYS_ISTTY = 0x09,
    SYS_SEEK = 0x0a,
    SYS_FLEN = 0x0c,
    SYS_REMOVE = 0x0e,
    SYS_CLOCK = 0x10,
    SYS_TIME = 0x11,
    SYS_SYSTEM = 0x12,
    SYS_ERRNO = 0x13,
    SYS_GET_CMDLINE = 0x15,
    SYS_HEAPINFO = 0x16,
    SYS_EXIT = 0x18,
    SYS_EXIT_EXTENDED = 0x20,
    SYS_ELAPSED = 0x30,
    SYS_TICKFREQ = 0x31,
};

#define BLOCK (RAM_BASE + 0x100) /* parameter block */
#define NAME (RAM_BASE + 0x200)  /* file names and texts */
#define BUFFER (RAM_BASE + 0x300)
#define NOWHERE 0x60000000u
#define MINUS_ONE 0xffffffffu

enum { EBADF_HERE = 9, EACCES_HERE = 13, EFAULT_HERE = 14, EINVAL_HERE = 22 };

struct desk {
    struct memory memory;
    struct trace trace;
    struct scheduler scheduler;
    struct semihosting semihosting;
    struct text console;
    unsigned lines; /* console observations */
    unsigned stores;
    struct obs_access store[8];
    unsigned loads;
    struct obs_access load[8];
    unsigned unmodelled;
    uint32_t unmodelled_value;
};

static void see(void *owner, const struct observation *observation)
{
    struct desk *desk = owner;

    if (observation->kind == OBS_CONSOLE) {
        assert_string_equal(observation->console.source, "semihosting");
        text_append(&desk->console, observation->console.bytes, observation->console.size);
        desk->lines++;
    } else if (observation->kind == OBS_CPU_STORE) {
        assert_true(desk->stores < 8);
        desk->store[desk->stores++] = observation->access;
    } else if (observation->kind == OBS_CPU_LOAD) {
        assert_true(desk->loads < 8);
        desk->load[desk->loads++] = observation->access;
    } else {
        desk->unmodelled++;
        desk->unmodelled_value = observation->unmodelled.value;
    }
}

static int set_up(void **state)
{
    struct desk *desk = heap_allocate(1, sizeof *desk);

    memory_init(&desk->memory);
    scheduler_reset(&desk->scheduler);
    trace_init(&desk->trace, &desk->scheduler.state.now);
    trace_subscribe(&desk->trace,
                    TRACE_KIND(CONSOLE) | TRACE_KIND(CPU_STORE) | TRACE_KIND(CPU_LOAD) |
                        TRACE_KIND(UNMODELLED),
                    see, desk);
    semihosting_init(&desk->semihosting, &desk->memory, &desk->trace, &desk->scheduler);
    *state = desk;
    return 0;
}

static int tear_down(void **state)
{
    struct desk *desk = *state;

    memory_release(&desk->memory);
    text_free(&desk->console);
    heap_release(desk);
    return 0;
}

static void poke(struct desk *desk, guest_addr address, uint32_t value)
{
    store_le32(memory_at(&desk->memory, (struct byte_range){address, 4}), value);
}

static uint32_t peek(const struct desk *desk, guest_addr address)
{
    return load_le32(memory_at(&desk->memory, (struct byte_range){address, 4}));
}

static void poke_text(struct desk *desk, guest_addr address, const char *text)
{
    size_t size = strlen(text) + 1;

    memcpy(memory_at(&desk->memory, (struct byte_range){address, (uint32_t)size}), text, size);
}

static uint32_t call(struct desk *desk, uint32_t operation, uint32_t parameter)
{
    uint32_t result = 0x5a5a5a5a;

    assert_int_equal(semihosting_call(&desk->semihosting, operation, parameter, &result),
                     SEMIHOST_CONTINUE);
    return result;
}

static uint32_t call_block(struct desk *desk, uint32_t operation, uint32_t a, uint32_t b,
                           uint32_t c)
{
    poke(desk, BLOCK, a);
    poke(desk, BLOCK + 4, b);
    poke(desk, BLOCK + 8, c);
    return call(desk, operation, BLOCK);
}

static uint32_t open_file(struct desk *desk, const char *name, uint32_t mode)
{
    poke_text(desk, NAME, name);
    return call_block(desk, SYS_OPEN, NAME, mode, (uint32_t)strlen(name));
}

static uint32_t last_error(struct desk *desk)
{
    return call(desk, SYS_ERRNO, 0);
}

static void exits(struct desk *desk, uint32_t operation, uint32_t parameter, int code)
{
    uint32_t result;

    assert_int_equal(semihosting_call(&desk->semihosting, operation, parameter, &result),
                     SEMIHOST_EXIT);
    assert_int_equal(semihosting_exit_code(&desk->semihosting), code);
}

static void write0_prints_one_observation_a_line(void **state)
{
    struct desk *desk = *state;

    poke_text(desk, NAME, "one\ntwo\nthree");
    assert_int_equal(call(desk, SYS_WRITE0, NAME), 0);
    assert_string_equal(text_string(&desk->console), "one\ntwo\nthree");
    assert_int_equal(desk->lines, 3);
}

static void writec_prints_one_character(void **state)
{
    struct desk *desk = *state;

    poke_text(desk, NAME, "xyz");
    (void)call(desk, SYS_WRITEC, NAME + 1);
    assert_string_equal(text_string(&desk->console), "y");
}

static void text_in_flash_and_in_the_code_alias_can_be_printed(void **state)
{
    struct desk *desk = *state;

    memcpy(desk->memory.flash + 64, "flash ", 7);
    poke_text(desk, NAME, "alias");
    (void)call(desk, SYS_WRITE0, 64);
    (void)call(desk, SYS_WRITE0, NAME - RAM_BASE + RAM_CODE_BASE);
    assert_string_equal(text_string(&desk->console), "flash alias");
}

static void an_endless_string_ends_at_the_end_of_memory(void **state)
{
    struct desk *desk = *state;

    memset(desk->memory.ram + RAM_SIZE - 4, 'x', 4);
    assert_int_equal(call(desk, SYS_WRITE0, RAM_BASE + RAM_SIZE - 4), MINUS_ONE);
    assert_int_equal(last_error(desk), EFAULT_HERE);
    assert_int_equal(desk->lines, 0);
}

static void an_endless_string_within_memory_is_cut(void **state)
{
    struct desk *desk = *state;

    (void)call(desk, SYS_WRITE0, 0); /* erased flash: a megabyte of 0xff */
    assert_int_equal(desk->console.length, 65536);
}

static void an_open_console_takes_output(void **state)
{
    struct desk *desk = *state;
    uint32_t out = open_file(desk, ":tt", 4);
    uint32_t err = open_file(desk, ":tt", 8);

    assert_int_not_equal(out, MINUS_ONE);
    assert_int_not_equal(out, 0);
    assert_int_not_equal(err, out);
    poke_text(desk, NAME, "hello world");
    assert_int_equal(call_block(desk, SYS_WRITE, out, NAME, 5), 0);
    assert_int_equal(call_block(desk, SYS_WRITE, err, NAME + 5, 6), 0);
    assert_string_equal(text_string(&desk->console), "hello world");
    assert_int_equal(call_block(desk, SYS_ISTTY, out, 0, 0), 1);
    assert_int_equal(call_block(desk, SYS_FLEN, out, 0, 0), 0);
}

static void files_of_the_host_are_refused(void **state)
{
    struct desk *desk = *state;

    for (uint32_t mode = 0; mode < 12; mode++) {
        assert_int_equal(open_file(desk, "/etc/passwd", mode), MINUS_ONE);
        assert_int_equal(last_error(desk), EACCES_HERE);
    }
    assert_int_equal(open_file(desk, ":t", 0), MINUS_ONE);
    assert_int_equal(open_file(desk, ":ttx", 0), MINUS_ONE);
    assert_int_equal(call_block(desk, SYS_REMOVE, NAME, 3, 0), MINUS_ONE);
    assert_int_equal(call_block(desk, SYS_SYSTEM, NAME, 3, 0), MINUS_ONE);
    assert_int_equal(last_error(desk), EACCES_HERE);
}

static void a_closed_handle_is_of_no_use(void **state)
{
    struct desk *desk = *state;
    uint32_t out = open_file(desk, ":tt", 4);

    assert_int_equal(call_block(desk, SYS_CLOSE, out, 0, 0), 0);
    assert_int_equal(call_block(desk, SYS_CLOSE, out, 0, 0), MINUS_ONE);
    assert_int_equal(last_error(desk), EBADF_HERE);
    assert_int_equal(call_block(desk, SYS_WRITE, out, NAME, 1), MINUS_ONE);
    assert_int_equal(call_block(desk, SYS_WRITE, 12345, NAME, 1), MINUS_ONE);
    assert_int_equal(desk->lines, 0);
}

static void the_keyboard_is_at_its_end(void **state)
{
    struct desk *desk = *state;
    uint32_t in = open_file(desk, ":tt", 0);

    assert_int_equal(call_block(desk, SYS_READ, in, BUFFER, 10), 10);
    assert_int_equal(call(desk, SYS_READC, 0), MINUS_ONE);
    assert_int_equal(call_block(desk, SYS_WRITE, in, NAME, 4), 4);
    assert_int_equal(desk->stores, 0);
}

static void the_features_file_tells_what_is_supported(void **state)
{
    struct desk *desk = *state;
    uint32_t features = open_file(desk, ":semihosting-features", 0);

    assert_int_equal(call_block(desk, SYS_FLEN, features, 0, 0), 5);
    assert_int_equal(call_block(desk, SYS_ISTTY, features, 0, 0), 0);
    assert_int_equal(call_block(desk, SYS_READ, features, BUFFER, 4), 0);
    assert_memory_equal(desk->memory.ram + (BUFFER - RAM_BASE), "SHFB", 4);
    assert_int_equal(call_block(desk, SYS_READ, features, BUFFER, 4), 3);
    assert_int_equal(desk->memory.ram[BUFFER - RAM_BASE], 0x03);
    assert_int_equal(call_block(desk, SYS_READ, features, BUFFER, 4), 4);
    assert_int_equal(call_block(desk, SYS_SEEK, features, 1, 0), 0);
    assert_int_equal(call_block(desk, SYS_READ, features, BUFFER, 1), 0);
    assert_int_equal(desk->memory.ram[BUFFER - RAM_BASE], 'H');
    assert_int_equal(call_block(desk, SYS_SEEK, features, 6, 0), MINUS_ONE);
}

static void time_is_virtual(void **state)
{
    struct desk *desk = *state;

    scheduler_skip_to(&desk->scheduler, 3 * CYCLES_PER_SECOND + 256 * CYCLES_PER_MS + 7);
    assert_int_equal(call(desk, SYS_CLOCK, 0), 325);
    assert_int_equal(call(desk, SYS_TIME, 0), 3);
    assert_int_equal(call(desk, SYS_TICKFREQ, 0), 64000000);
    assert_int_equal(call(desk, SYS_ELAPSED, BUFFER), 0);
    assert_int_equal(peek(desk, BUFFER), 3256 * 64000 + 7);
    assert_int_equal(peek(desk, BUFFER + 4), 0);
    scheduler_skip_to(&desk->scheduler, 0x300000001u);
    (void)call(desk, SYS_ELAPSED, BUFFER);
    assert_int_equal(peek(desk, BUFFER), 1);
    assert_int_equal(peek(desk, BUFFER + 4), 3);
}

static void iserror_knows_negative_numbers(void **state)
{
    struct desk *desk = *state;

    assert_int_equal(call_block(desk, SYS_ISERROR, MINUS_ONE, 0, 0), 1);
    assert_int_equal(call_block(desk, SYS_ISERROR, 0x7fffffff, 0, 0), 0);
}

static void the_command_line_is_written_with_its_length(void **state)
{
    struct desk *desk = *state;

    assert_int_equal(call_block(desk, SYS_GET_CMDLINE, BUFFER, 9, 0), 0);
    assert_memory_equal(desk->memory.ram + (BUFFER - RAM_BASE), "firmware", 9);
    assert_int_equal(peek(desk, BLOCK + 4), 8);
    assert_int_equal(call_block(desk, SYS_GET_CMDLINE, BUFFER, 8, 0), MINUS_ONE);
    assert_int_equal(last_error(desk), EINVAL_HERE);
}

static void heapinfo_leaves_the_choice_to_the_firmware(void **state)
{
    struct desk *desk = *state;

    memset(desk->memory.ram + (BUFFER - RAM_BASE), 0xaa, 20);
    assert_int_equal(call_block(desk, SYS_HEAPINFO, BUFFER, 0, 0), 0);
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(peek(desk, BUFFER + 4 * i), 0);
    assert_int_equal(peek(desk, BUFFER + 16), 0xaaaaaaaa);
}

static void stores_to_watched_memory_are_reported(void **state)
{
    struct desk *desk = *state;

    trace_watch(&desk->trace, (struct byte_range){BUFFER + 4, 1}, WATCH_STORES);
    desk->trace.state.pc = 0x1234;
    poke(desk, BUFFER + 4, 0x55667788);
    scheduler_skip_to(&desk->scheduler, 0x900000000u);
    (void)call(desk, SYS_ELAPSED, BUFFER - RAM_BASE + RAM_CODE_BASE);
    assert_int_equal(desk->stores, 1);
    assert_int_equal(desk->store[0].actor, ACTOR_SEMIHOST);
    assert_int_equal(desk->store[0].pc, 0x1234);
    assert_int_equal(desk->store[0].address, BUFFER + 4);
    assert_int_equal(desk->store[0].size, 4);
    assert_int_equal(desk->store[0].before, 0x55667788);
    assert_int_equal(desk->store[0].after, 9);
}

static void loads_of_what_is_printed_are_reported_where_memory_is_watched(void **state)
{
    struct desk *desk = *state;
    uint32_t out = open_file(desk, ":tt", 4);

    trace_watch(&desk->trace, (struct byte_range){BUFFER + 4, 1}, WATCH_LOADS);
    desk->trace.state.pc = 0x1234;
    poke_text(desk, BUFFER, "abcdefghi");
    (void)call(desk, SYS_WRITE0, BUFFER - RAM_BASE + RAM_CODE_BASE);
    (void)call(desk, SYS_WRITEC, BUFFER + 4);
    (void)call_block(desk, SYS_WRITE, out, BUFFER + 2, 5);
    (void)call_block(desk, SYS_WRITE, out, BUFFER + 5, 4);
    (void)call(desk, SYS_WRITEC, BUFFER + 3);
    assert_int_equal(desk->loads, 3);
    assert_int_equal(desk->load[0].actor, ACTOR_SEMIHOST);
    assert_int_equal(desk->load[0].pc, 0x1234);
    assert_int_equal(desk->load[0].address, BUFFER + 4);
    assert_int_equal(desk->load[0].size, 4);
    assert_int_equal(desk->load[0].before, 0x68676665);
    assert_int_equal(desk->load[1].size, 1);
    assert_int_equal(desk->load[2].address, BUFFER + 2);
}

static void what_the_host_stores_comes_behind_the_stores_before_it(void **state)
{
    struct desk *desk = *state;
    struct memory *memory = &desk->memory;
    uint8_t seen[4];

    memory->stores.depth = 4;
    store_buffer_add(&memory->stores, memory->ram, BUFFER - RAM_BASE, 4);
    poke(desk, BUFFER, 0x55667788);
    scheduler_skip_to(&desk->scheduler, 0x900000000u);
    (void)call(desk, SYS_ELAPSED, BUFFER - 4);
    store_buffer_read(&memory->stores, memory->ram, BUFFER - RAM_BASE, seen, sizeof seen);
    assert_int_equal(load_le32(seen), 9);
}

static void stores_elsewhere_are_silent(void **state)
{
    struct desk *desk = *state;

    trace_watch(&desk->trace, (struct byte_range){BUFFER + 8, 1}, WATCH_STORES);
    (void)call(desk, SYS_ELAPSED, BUFFER);
    assert_int_equal(desk->stores, 0);
}

static void exit_reasons_become_exit_codes(void **state)
{
    struct desk *desk = *state;

    exits(desk, SYS_EXIT, 0x20026, 0);
    exits(desk, SYS_EXIT, 0x20023, 1);
    exits(desk, SYS_EXIT, 0, 1);
    poke(desk, BLOCK, 0x20026);
    poke(desk, BLOCK + 4, 42);
    exits(desk, SYS_EXIT_EXTENDED, BLOCK, 42);
    poke(desk, BLOCK, 0x20024);
    exits(desk, SYS_EXIT_EXTENDED, BLOCK, 1);
    exits(desk, SYS_EXIT_EXTENDED, NOWHERE, 1);
    assert_int_equal(call(desk, SYS_CLOCK, 0), 0); /* and CONTINUE again */
}

static void unknown_operations_are_reported_as_not_modelled(void **state)
{
    struct desk *desk = *state;

    assert_int_equal(call(desk, 0x17, 0), MINUS_ONE); /* the old SYS_ENTERSVC */
    assert_int_equal(desk->unmodelled, 1);
    assert_int_equal(desk->unmodelled_value, 0x17);
    assert_int_equal(call(desk, MINUS_ONE, 0), MINUS_ONE);
    assert_int_equal(desk->unmodelled, 2);
}

/* Whatever the pointers are, nothing crashes and nothing but RAM is written. */
static void no_pointer_can_do_harm(void **state)
{
    static const uint32_t pointers[] = {0,
                                        1,
                                        0xfffffu,
                                        0x100000u,
                                        RAM_BASE,
                                        BLOCK,
                                        RAM_BASE + 0x3fffd,
                                        RAM_BASE + RAM_SIZE - 1,
                                        RAM_BASE + RAM_SIZE,
                                        NOWHERE,
                                        0xe000ed00,
                                        0xfffffffcu,
                                        0xffffffffu,
                                        0x83fffe,
                                        0x10000ffd};
    struct desk *desk = *state;
    uint64_t flash = 0;
    uint32_t result;

    for (uint32_t i = 0; i < FLASH_SIZE; i++)
        flash += desk->memory.flash[i];
    (void)open_file(desk, ":tt", 4);
    (void)open_file(desk, ":semihosting-features", 0);
    for (uint32_t operation = 0; operation < 0x40; operation++) {
        for (size_t i = 0; i < sizeof pointers / sizeof *pointers; i++) {
            for (size_t j = 0; j < sizeof pointers / sizeof *pointers; j++) {
                poke(desk, BLOCK,
                     operation == SYS_READ || operation == SYS_WRITE ? 2 + (uint32_t)i % 3
                                                                     : pointers[j]);
                poke(desk, BLOCK + 4, pointers[j]);
                poke(desk, BLOCK + 8, pointers[i]);
                (void)semihosting_call(&desk->semihosting, operation, pointers[i], &result);
                (void)semihosting_call(&desk->semihosting, operation, BLOCK, &result);
                text_clear(&desk->console);
            }
        }
    }
    for (uint32_t i = 0; i < FLASH_SIZE; i++)
        flash -= desk->memory.flash[i];
    assert_int_equal(flash, 0);
}

static void reset_closes_everything(void **state)
{
    struct desk *desk = *state;
    uint32_t out = open_file(desk, ":tt", 4);

    semihosting_reset(&desk->semihosting);
    assert_int_equal(call_block(desk, SYS_WRITE, out, NAME, 1), MINUS_ONE);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(write0_prints_one_observation_a_line),
        TEST(writec_prints_one_character),
        TEST(text_in_flash_and_in_the_code_alias_can_be_printed),
        TEST(an_endless_string_ends_at_the_end_of_memory),
        TEST(an_endless_string_within_memory_is_cut),
        TEST(an_open_console_takes_output),
        TEST(files_of_the_host_are_refused),
        TEST(a_closed_handle_is_of_no_use),
        TEST(the_keyboard_is_at_its_end),
        TEST(the_features_file_tells_what_is_supported),
        TEST(time_is_virtual),
        TEST(iserror_knows_negative_numbers),
        TEST(the_command_line_is_written_with_its_length),
        TEST(heapinfo_leaves_the_choice_to_the_firmware),
        TEST(stores_to_watched_memory_are_reported),
        TEST(loads_of_what_is_printed_are_reported_where_memory_is_watched),
        TEST(what_the_host_stores_comes_behind_the_stores_before_it),
        TEST(stores_elsewhere_are_silent),
        TEST(exit_reasons_become_exit_codes),
        TEST(unknown_operations_are_reported_as_not_modelled),
        TEST(no_pointer_can_do_harm),
        TEST(reset_closes_everything),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
