/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/cpu/harness.h"

#include "sim/base/bits.h"
#include "sim/base/heap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static bool read_register(void *owner, uint32_t offset, unsigned size, uint32_t *value)
{
    const struct harness *harness = owner;
    uint8_t bytes[4];

    if (offset >= sizeof harness->registers)
        return false;
    store_le32(bytes, harness->registers[offset / 4]);
    *value = (uint32_t)load_le(bytes + offset % 4, size);
    return true;
}

static bool write_register(void *owner, uint32_t offset, unsigned size, uint32_t value)
{
    struct harness *harness = owner;
    uint8_t bytes[4];

    if (offset >= sizeof harness->registers)
        return false;
    store_le32(bytes, harness->registers[offset / 4]);
    store_le(bytes + offset % 4, size, value);
    harness->registers[offset / 4] = load_le32(bytes);
    return true;
}

static const struct bus_ops register_ops = {.read = read_register, .write = write_register};

static bool flash_write(void *owner, guest_addr address, unsigned size, uint32_t value)
{
    struct harness *harness = owner;

    (void)size;
    harness->flash_stores++;
    harness->flash_address = address;
    harness->flash_value = value;
    return harness->flash_accepts;
}

static void print(void *owner, const struct observation *observation)
{
    struct harness *harness = owner;

    text_append(&harness->console, observation->console.bytes, observation->console.size);
}

static void keep(void *owner, const struct observation *observation)
{
    struct harness *harness = owner;

    if (harness->records < HARNESS_RECORDS)
        harness->record[harness->records++] = *observation;
}

struct harness *harness_create(void)
{
    struct harness *harness = heap_allocate(1, sizeof *harness);
    struct cpu_config config = {.memory = &harness->memory,
                                .bus = &harness->bus,
                                .scheduler = &harness->scheduler,
                                .wires = &harness->wires,
                                .trace = &harness->trace,
                                .state = &harness->state,
                                .flash_write = flash_write,
                                .flash_owner = harness};
    struct failure failure;

    scheduler_reset(&harness->scheduler);
    trace_init(&harness->trace, &harness->scheduler.state.now);
    bus_init(&harness->bus, &harness->trace);
    memory_init(&harness->memory);
    memory_register_state(&harness->memory, &harness->state);
    state_register(&harness->state, "schedule", &harness->scheduler.state,
                   sizeof harness->scheduler.state);
    state_register(&harness->state, "wires", harness->wires.level, sizeof harness->wires.level);
    state_register(&harness->state, "registers", harness->registers, sizeof harness->registers);
    bus_claim(&harness->bus, (struct byte_range){APB_BASE, 0x1000}, "REGISTERS", &register_ops,
              harness);
    trace_subscribe(&harness->trace, TRACE_KIND(CONSOLE), print, harness);
    if (cpu_create(&harness->cpu, &config, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    return harness;
}

void harness_destroy(struct harness *harness)
{
    cpu_destroy(harness->cpu);
    memory_release(&harness->memory);
    text_free(&harness->console);
    heap_release(harness);
}

int harness_setup(void **state)
{
    *state = harness_create();
    return 0;
}

int harness_teardown(void **state)
{
    harness_destroy(*state);
    return 0;
}

void harness_load(struct harness *harness, const void *image, size_t size)
{
    assert_true(size <= FLASH_SIZE);
    memcpy(harness->memory.flash, image, size);
    memory_set_baseline(&harness->memory);
    cpu_code_changed(harness->cpu, (struct byte_range){FLASH_BASE, (uint32_t)size});
    cpu_reset(harness->cpu);
}

enum cpu_stop harness_run(struct harness *harness, sim_time duration)
{
    return cpu_run(harness->cpu, harness->scheduler.state.now + duration);
}

void harness_record(struct harness *harness, uint32_t kinds)
{
    trace_subscribe(&harness->trace, kinds, keep, harness);
}

unsigned harness_count(const struct harness *harness, enum observation_kind kind)
{
    unsigned count = 0;

    for (unsigned i = 0; i < harness->records; i++)
        count += harness->record[i].kind == kind;
    return count;
}

const struct observation *harness_find(const struct harness *harness, enum observation_kind kind,
                                       unsigned n)
{
    for (unsigned i = 0; i < harness->records; i++) {
        if (harness->record[i].kind == kind && n-- == 0)
            return &harness->record[i];
    }
    return NULL;
}

uint32_t harness_word(const struct harness *harness, guest_addr address)
{
    uint8_t bytes[4];

    if (!memory_peek(&harness->memory, address, bytes, sizeof bytes))
        fail_msg("no memory at 0x%08x", address);
    return load_le32(bytes);
}

void harness_set_word(struct harness *harness, guest_addr address, uint32_t value)
{
    uint8_t *bytes = memory_at(&harness->memory, (struct byte_range){address, 4});

    assert_non_null(bytes);
    store_le32(bytes, value);
}
