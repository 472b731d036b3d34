/* SPDX-License-Identifier: Apache-2.0 */
/* The RTT console: a control block in RAM, bytes put into its ring by hand; then by firmware. */
#include "tests/cmocka.h"
#include "tests/cpu/guest.h"

#include "sim/base/bits.h"
#include "sim/base/heap.h"
#include "sim/base/text.h"
#include "sim/cpu/rtt.h"

#include <string.h>

#define BLOCK (RAM_BASE + 0x400)
#define RING (RAM_BASE + 0x1000)

enum {
    UP_COUNT = 0x10,
    DOWN_COUNT = 0x14,
    BUFFER = 0x1c,
    SIZE = 0x20,
    WROFF = 0x24,
    RDOFF = 0x28,
    RING_SIZE = 16,
};

struct desk {
    struct memory memory;
    struct trace trace;
    sim_time now;
    struct rtt rtt;
    struct text console;
    unsigned lines;
    unsigned accesses; /* CPU_STORE observations */
};

static void see(void *owner, const struct observation *observation)
{
    struct desk *desk = owner;

    if (observation->kind == OBS_CPU_STORE) {
        desk->accesses++;
        return;
    }
    assert_string_equal(observation->console.source, "rtt");
    text_append(&desk->console, observation->console.bytes, observation->console.size);
    desk->lines++;
}

static void poke(struct desk *desk, guest_addr address, uint32_t value)
{
    store_le32(memory_at(&desk->memory, (struct byte_range){address, 4}), value);
}

static uint32_t peek(const struct desk *desk, guest_addr address)
{
    return load_le32(memory_at(&desk->memory, (struct byte_range){address, 4}));
}

/* As SEGGER_RTT_Init leaves it. */
static void make_block(struct desk *desk, guest_addr block)
{
    memcpy(memory_at(&desk->memory, (struct byte_range){block, 16}), "SEGGER RTT\0\0\0\0\0\0", 16);
    poke(desk, block + UP_COUNT, 3);
    poke(desk, block + DOWN_COUNT, 3);
    poke(desk, block + BUFFER, RING);
    poke(desk, block + SIZE, RING_SIZE);
    poke(desk, block + WROFF, 0);
    poke(desk, block + RDOFF, 0);
}

static int set_up(void **state)
{
    struct desk *desk = heap_allocate(1, sizeof *desk);

    memory_init(&desk->memory);
    trace_init(&desk->trace, &desk->now);
    trace_subscribe(&desk->trace, TRACE_KIND(CONSOLE) | TRACE_KIND(CPU_STORE), see, desk);
    trace_watch(&desk->trace, (struct byte_range){RAM_BASE, RAM_SIZE}, WATCH_STORES);
    rtt_init(&desk->rtt, &desk->memory, &desk->trace);
    make_block(desk, BLOCK);
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

/* The firmware's side: bytes into the ring, then WrOff, then the simulator looks. */
static void firmware_prints(struct desk *desk, const char *text)
{
    uint32_t write = peek(desk, BLOCK + WROFF);

    for (; *text; text++) {
        desk->memory.ram[RING - RAM_BASE + write] = (uint8_t)*text;
        write = (write + 1) % RING_SIZE;
    }
    poke(desk, BLOCK + WROFF, write);
    if (rtt_touched(&desk->rtt, BLOCK + WROFF, 4))
        rtt_drain(&desk->rtt);
}

static void what_the_firmware_prints_comes_out(void **state)
{
    struct desk *desk = *state;

    rtt_set_address(&desk->rtt, BLOCK);
    firmware_prints(desk, "a\nbc\nd");
    assert_string_equal(text_string(&desk->console), "a\nbc\nd");
    assert_int_equal(desk->lines, 3);
    assert_int_equal(peek(desk, BLOCK + RDOFF), 6);
}

static void the_ring_wraps(void **state)
{
    struct desk *desk = *state;

    rtt_set_address(&desk->rtt, BLOCK);
    for (unsigned i = 0; i < 10; i++)
        firmware_prints(desk, "0123456789");
    assert_int_equal(desk->console.length, 100);
    assert_memory_equal(desk->console.bytes + 90, "0123456789", 10);
    assert_int_equal(peek(desk, BLOCK + RDOFF), 100 % RING_SIZE);
}

static void bytes_printed_before_the_probe_came_are_not_lost(void **state)
{
    struct desk *desk = *state;

    firmware_prints(desk, "early ");
    assert_int_equal(desk->lines, 0);
    rtt_set_address(&desk->rtt, BLOCK);
    firmware_prints(desk, "late");
    assert_string_equal(text_string(&desk->console), "early late");
}

static void the_probe_makes_no_cpu_access(void **state)
{
    struct desk *desk = *state;

    rtt_set_address(&desk->rtt, BLOCK);
    firmware_prints(desk, "x");
    assert_int_equal(desk->accesses, 0);
}

static void only_stores_to_wroff_of_channel_0_matter(void **state)
{
    struct desk *desk = *state;

    assert_false(rtt_touched(&desk->rtt, BLOCK + WROFF, 4)); /* address not known */
    rtt_set_address(&desk->rtt, BLOCK);
    for (uint32_t size = 1; size <= 8; size++) {
        for (guest_addr at = BLOCK; at < BLOCK + 0x60; at++) {
            bool overlaps = at < BLOCK + WROFF + 4 && at + size > BLOCK + WROFF;

            assert_int_equal(rtt_touched(&desk->rtt, at, size), overlaps);
        }
    }
}

static void the_control_block_is_found_by_its_signature(void **state)
{
    struct desk *desk = *state;

    assert_true(rtt_search(&desk->rtt));
    assert_int_equal(desk->rtt.state.block, BLOCK);
    firmware_prints(desk, "found");
    assert_string_equal(text_string(&desk->console), "found");
}

static void without_signature_nothing_is_found(void **state)
{
    struct desk *desk = *state;

    desk->memory.ram[BLOCK - RAM_BASE + 9] = 'X';
    assert_false(rtt_search(&desk->rtt));
    make_block(desk, RAM_BASE + RAM_SIZE - 0x40); /* whole, at the very end */
    assert_true(rtt_search(&desk->rtt));
}

static void a_known_address_is_not_searched_for(void **state)
{
    struct desk *desk = *state;

    rtt_set_address(&desk->rtt, RAM_BASE + 0x8000);
    assert_true(rtt_search(&desk->rtt));
    assert_int_equal(desk->rtt.state.block, RAM_BASE + 0x8000);
}

static void addresses_outside_of_ram_count_as_unknown(void **state)
{
    static const guest_addr bad[] = {
        0, 0x1000, RAM_BASE + RAM_SIZE - 0x20, RAM_BASE + RAM_SIZE, 0x60000000, 0xfffffffc};
    struct desk *desk = *state;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        rtt_set_address(&desk->rtt, bad[i]);
        assert_int_equal(desk->rtt.state.block, 0);
    }
    rtt_drain(&desk->rtt);
    rtt_set_address(&desk->rtt, BLOCK - RAM_BASE + RAM_CODE_BASE);
    assert_int_equal(desk->rtt.state.block, BLOCK);
}

static void nothing_comes_of(struct desk *desk, uint32_t field, uint32_t value)
{
    uint32_t before = peek(desk, BLOCK + field);
    uint32_t read;

    poke(desk, BLOCK + field, value);
    read = peek(desk, BLOCK + RDOFF);
    rtt_drain(&desk->rtt);
    assert_int_equal(desk->lines, 0);
    assert_int_equal(peek(desk, BLOCK + RDOFF), read);
    poke(desk, BLOCK + field, before);
}

static void damaged_control_blocks_are_left_alone(void **state)
{
    struct desk *desk = *state;

    poke(desk, BLOCK + WROFF, 5);
    rtt_set_address(&desk->rtt, BLOCK);
    nothing_comes_of(desk, 0, 0x12345678);
    nothing_comes_of(desk, UP_COUNT, 0);
    nothing_comes_of(desk, SIZE, 0);
    nothing_comes_of(desk, SIZE, 5);
    nothing_comes_of(desk, SIZE, 0xffffffff);
    nothing_comes_of(desk, SIZE, RAM_SIZE);
    nothing_comes_of(desk, WROFF, RING_SIZE);
    nothing_comes_of(desk, WROFF, 0xffffffff);
    nothing_comes_of(desk, RDOFF, RING_SIZE);
    nothing_comes_of(desk, RDOFF, 0x80000000);
    nothing_comes_of(desk, BUFFER, 0);
    nothing_comes_of(desk, BUFFER, 0x60000000);
    nothing_comes_of(desk, BUFFER, RAM_BASE + RAM_SIZE - 4);
    nothing_comes_of(desk, BUFFER, 0xfffffff8);
    rtt_drain(&desk->rtt); /* repaired: five zero bytes */
    assert_int_equal(desk->console.length, 5);
}

/* The firmware waits for room in its ring, so it ends only if the probe takes what is there. */
static void firmware_with_a_small_ring_prints_all(struct harness *harness)
{
    const char *text;

    guest_load(harness, "rtt_console");
    assert_int_equal(guest_run(harness), CPU_STOP_EXIT);
    assert_int_equal(cpu_exit_code(harness->cpu), 0);
    text = text_string(&harness->console);
    for (unsigned line = 0; line < 40; line++, text += strlen("line by RTT\n"))
        assert_memory_equal(text, "line by RTT\n", strlen("line by RTT\n"));
    assert_string_equal(text, "PASS RTT console\n");
}

static void firmware_is_heard_when_its_symbol_is_known(void **state)
{
    struct harness *harness = harness_create();

    (void)state;
    cpu_set_rtt_address(harness->cpu, 0x20018000);
    firmware_with_a_small_ring_prints_all(harness);
    harness_destroy(harness);
}

static void firmware_is_heard_when_its_symbol_is_not_known(void **state)
{
    struct harness *harness = harness_create();

    (void)state;
    firmware_with_a_small_ring_prints_all(harness);
    harness_destroy(harness);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_the_firmware_prints_comes_out),
        TEST(the_ring_wraps),
        TEST(bytes_printed_before_the_probe_came_are_not_lost),
        TEST(the_probe_makes_no_cpu_access),
        TEST(only_stores_to_wroff_of_channel_0_matter),
        TEST(the_control_block_is_found_by_its_signature),
        TEST(without_signature_nothing_is_found),
        TEST(a_known_address_is_not_searched_for),
        TEST(addresses_outside_of_ram_count_as_unknown),
        TEST(damaged_control_blocks_are_left_alone),
        cmocka_unit_test(firmware_is_heard_when_its_symbol_is_known),
        cmocka_unit_test(firmware_is_heard_when_its_symbol_is_not_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
