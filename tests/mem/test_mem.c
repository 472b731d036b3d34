/* SPDX-License-Identifier: Apache-2.0 */
/* mem: the cells and the peripheral bus. */
#include "tests/cmocka.h"

#include "sim/mem/bus.h"
#include "sim/mem/memory.h"

#include <stdio.h>
#include <string.h>

static void the_code_alias_of_ram_is_the_same_cells(void **state)
{
    struct memory memory;

    (void)state;
    memory_init(&memory);
    memory_at(&memory, (struct byte_range){RAM_CODE_BASE + 16, 1})[0] = 0x5a;
    assert_int_equal(memory_at(&memory, (struct byte_range){RAM_BASE + 16, 1})[0], 0x5a);
    assert_int_equal(memory_fold(RAM_CODE_BASE + 16), RAM_BASE + 16);
    assert_int_equal(memory_fold(FLASH_BASE + 16), FLASH_BASE + 16);
    memory_release(&memory);
}

static void a_range_that_leaves_its_memory_has_no_bytes(void **state)
{
    struct memory memory;
    uint8_t word[4];

    (void)state;
    memory_init(&memory);
    assert_non_null(memory_at(&memory, (struct byte_range){RAM_BASE + RAM_SIZE - 4, 4}));
    assert_null(memory_at(&memory, (struct byte_range){RAM_BASE + RAM_SIZE - 3, 4}));
    assert_null(memory_at(&memory, (struct byte_range){0x30000000, 1}));
    assert_null(memory_at(&memory, (struct byte_range){FLASH_SIZE - 1, 0xffffffff}));
    assert_false(memory_peek(&memory, FLASH_SIZE - 2, word, 4));
    assert_true(memory_peek(&memory, FLASH_SIZE - 4, word, 4));
    assert_int_equal(word[0], 0xff);
    memory_release(&memory);
}

static void only_data_ram_is_reachable_by_easydma(void **state)
{
    (void)state;
    assert_true(memory_is_data_ram((struct byte_range){0x20000000, 0x40000}));
    assert_false(memory_is_data_ram((struct byte_range){0x20000000, 0x40001}));
    assert_false(memory_is_data_ram((struct byte_range){0x00800000, 4}));
    assert_false(memory_is_data_ram((struct byte_range){0x00001000, 4}));
}

static void changing_flash_marks_every_page_it_touches(void **state)
{
    struct memory memory;

    (void)state;
    memory_init(&memory);
    memory_flash_changing(&memory, (struct byte_range){2 * FLASH_PAGE - 1, 2});
    assert_int_equal(memory.flash_changed[0], 0x6);
    memory_flash_changing(&memory, (struct byte_range){FLASH_SIZE - 1, 1});
    assert_int_equal(memory.flash_changed[7], 0x80000000);
    memory_set_baseline(&memory);
    assert_int_equal(memory.flash_changed[0], 0);
    memory_release(&memory);
}

/* As the CPU does it: first the buffer, then the cell. */
static void cpu_stores(struct memory *memory, uint32_t offset, uint8_t value)
{
    store_buffer_add(&memory->stores, memory->ram, offset, 1);
    memory->ram[offset] = value;
}

static uint8_t master_reads(const struct memory *memory, uint32_t offset)
{
    uint8_t byte;

    memory_master_read(memory, RAM_BASE + offset, &byte, 1);
    return byte;
}

static void without_a_store_buffer_every_master_sees_the_same(void **state)
{
    struct memory memory;

    (void)state;
    memory_init(&memory);
    cpu_stores(&memory, 8, 1);
    assert_int_equal(master_reads(&memory, 8), 1);
    memory_release(&memory);
}

static void a_pending_store_is_seen_by_the_cpu_alone_until_it_drains(void **state)
{
    struct memory memory;

    (void)state;
    memory_init(&memory);
    memory.stores.depth = 4;
    cpu_stores(&memory, 8, 1);
    cpu_stores(&memory, 8, 2);
    assert_int_equal(memory.ram[8], 2);
    assert_int_equal(master_reads(&memory, 8), 0);
    store_buffer_drain(&memory.stores);
    assert_int_equal(master_reads(&memory, 8), 2);
    memory_release(&memory);
}

static void a_full_store_buffer_lets_its_oldest_go(void **state)
{
    struct memory memory;

    (void)state;
    memory_init(&memory);
    memory.stores.depth = 2;
    cpu_stores(&memory, 0, 1);
    cpu_stores(&memory, 1, 1);
    cpu_stores(&memory, 2, 1);
    assert_int_equal(master_reads(&memory, 0), 1);
    assert_int_equal(master_reads(&memory, 1), 0);
    assert_int_equal(master_reads(&memory, 2), 0);
    memory_release(&memory);
}

/* Different bytes arrive in any order, one byte's stores in theirs. */
static void pending_stores_arrive_in_any_order_but_for_one_byte(void **state)
{
    struct memory memory;
    uint8_t seen[2];
    uint32_t number = 0;

    (void)state;
    memory_init(&memory);
    memory.stores.depth = 8;
    cpu_stores(&memory, 0, 1);
    cpu_stores(&memory, 1, 2);
    cpu_stores(&memory, 1, 3);
    cpu_stores(&memory, 0, 4);

    assert_true(memory_store_waits(&memory, (struct byte_range){RAM_BASE + 1, 1}, &number));
    assert_int_equal(number, 1);
    memory_store_arrives(&memory, 1);
    memory_master_read(&memory, RAM_BASE, seen, 2);
    assert_int_equal(seen[0], 0);
    assert_int_equal(seen[1], 2);

    memory_store_arrives(&memory, 2); /* the 4, and the 1 before it */
    memory_master_read(&memory, RAM_BASE, seen, 2);
    assert_int_equal(seen[0], 4);
    assert_int_equal(seen[1], 2);
    assert_int_equal(memory.stores.count, 1);
    memory_release(&memory);
}

static void a_pending_store_wins_over_a_master_that_wrote_before_it_drained(void **state)
{
    static const uint8_t bytes[2] = {7, 8};
    struct memory memory;

    (void)state;
    memory_init(&memory);
    memory.stores.depth = 2;
    cpu_stores(&memory, 5, 1);
    memory_master_write(&memory, RAM_BASE + 5, bytes, 2);
    assert_int_equal(memory.ram[5], 1);
    assert_int_equal(master_reads(&memory, 5), 7);
    assert_int_equal(master_reads(&memory, 6), 8);
    store_buffer_drain(&memory.stores);
    assert_int_equal(master_reads(&memory, 5), 1);
    memory_release(&memory);
}

struct block {
    uint32_t reg;
};

static bool block_read(void *owner, uint32_t offset, unsigned size, uint32_t *value)
{
    (void)size;
    *value = ((struct block *)owner)->reg;
    return offset == 4;
}

static bool block_write(void *owner, uint32_t offset, unsigned size, uint32_t value)
{
    (void)size;
    if (offset == 4)
        ((struct block *)owner)->reg = value;
    return offset == 4;
}

static bool block_name(void *owner, uint32_t offset, char *name, size_t room)
{
    (void)owner;
    (void)snprintf(name, room, "%s", "REG");
    return offset == 4;
}

static const struct bus_ops block_ops = {
    .read = block_read, .write = block_write, .peek = block_read, .name = block_name};

struct seen {
    unsigned unmodelled;
    unsigned mmio;
    struct obs_unmodelled last;
};

static void see(void *owner, const struct observation *observation)
{
    struct seen *seen = owner;

    if (observation->kind == OBS_UNMODELLED) {
        seen->unmodelled++;
        seen->last = observation->unmodelled;
    } else {
        seen->mmio++;
    }
}

static const sim_time no_time = 0;

static void the_bus_finds_the_block_and_traces_the_access(void **state)
{
    struct trace trace;
    struct bus bus;
    struct block block = {0};
    struct seen seen = {0};
    uint32_t value;

    (void)state;
    trace_init(&trace, &no_time);
    trace_subscribe(&trace, TRACE_KIND(MMIO_READ) | TRACE_KIND(MMIO_WRITE), see, &seen);
    bus_init(&bus, &trace);
    bus_claim(&bus, (struct byte_range){0x40027000, 0x1000}, "USBD", &block_ops, &block);

    bus_write(&bus, 0x40027004, 4, 42);
    assert_int_equal(bus_read(&bus, 0x40027004, 4), 42);
    assert_int_equal(seen.mmio, 2);
    bus_trigger(&bus, 0x40027004, 43);
    assert_true(bus_peek(&bus, 0x40027004, 4, &value));
    assert_int_equal(value, 43);
    assert_int_equal(seen.mmio, 2);
}

static void what_is_not_modelled_is_reported_once_per_address(void **state)
{
    struct trace trace;
    struct bus bus;
    struct block block = {0};
    struct seen seen = {0};

    (void)state;
    trace_init(&trace, &no_time);
    trace_subscribe(&trace, TRACE_KIND(UNMODELLED), see, &seen);
    bus_init(&bus, &trace);
    bus_claim(&bus, (struct byte_range){0x40027000, 0x1000}, "USBD", &block_ops, &block);
    bus_name_unmodelled(&bus, (struct byte_range){0x40007000, 0x1000}, "SAADC");
    trace.state.pc = 0x100;

    assert_int_equal(bus_read(&bus, 0x40007400, 4), 0);
    assert_int_equal(seen.unmodelled, 1);
    assert_string_equal(seen.last.block, "SAADC");
    assert_int_equal(seen.last.pc, 0x100);
    (void)bus_read(&bus, 0x40007400, 4);
    assert_int_equal(seen.unmodelled, 1);
    bus_write(&bus, 0x40027008, 4, 1); /* a hole in a modelled block */
    assert_int_equal(seen.unmodelled, 2);
    assert_string_equal(seen.last.block, "USBD");
    bus_write(&bus, 0x60000000, 4, 1);
    assert_int_equal(seen.unmodelled, 3);
    assert_null(seen.last.block);
    assert_true(seen.last.write);
}

static void registers_are_called_by_name_where_there_is_one(void **state)
{
    struct trace trace;
    struct bus bus;
    struct block block = {0};
    char name[40];

    (void)state;
    trace_init(&trace, &no_time);
    bus_init(&bus, &trace);
    bus_claim(&bus, (struct byte_range){0x40027000, 0x1000}, "USBD", &block_ops, &block);
    bus_register_name(&bus, 0x40027004, name, sizeof name);
    assert_string_equal(name, "USBD.REG");
    bus_register_name(&bus, 0x40027124, name, sizeof name);
    assert_string_equal(name, "USBD+0x124");
    bus_register_name(&bus, 0x60000000, name, sizeof name);
    assert_string_equal(name, "0x60000000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_code_alias_of_ram_is_the_same_cells),
        cmocka_unit_test(a_range_that_leaves_its_memory_has_no_bytes),
        cmocka_unit_test(only_data_ram_is_reachable_by_easydma),
        cmocka_unit_test(changing_flash_marks_every_page_it_touches),
        cmocka_unit_test(without_a_store_buffer_every_master_sees_the_same),
        cmocka_unit_test(a_pending_store_is_seen_by_the_cpu_alone_until_it_drains),
        cmocka_unit_test(a_full_store_buffer_lets_its_oldest_go),
        cmocka_unit_test(pending_stores_arrive_in_any_order_but_for_one_byte),
        cmocka_unit_test(a_pending_store_wins_over_a_master_that_wrote_before_it_drained),
        cmocka_unit_test(the_bus_finds_the_block_and_traces_the_access),
        cmocka_unit_test(what_is_not_modelled_is_reported_once_per_address),
        cmocka_unit_test(registers_are_called_by_name_where_there_is_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
