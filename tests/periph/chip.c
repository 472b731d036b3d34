/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/periph/chip.h"

#include "sim/base/bits.h"
#include "sim/base/heap.h"
#include "tests/cmocka.h"

static void see(void *owner, const struct observation *observation)
{
    struct chip *chip = owner;

    if (observation->kind == OBS_MISUSE) {
        if (observation->misuse.is_cause) {
            chip->causes++;
            return;
        }
        assert_in_range(chip->misuses, 0, CHIP_MISUSES - 1);
        chip->misuse[chip->misuses++] = observation->misuse;
    } else {
        chip->unmodelled++;
        chip->last_unmodelled = observation->unmodelled;
    }
}

struct chip *chip_new(void)
{
    struct chip *chip = heap_allocate(1, sizeof *chip);

    scheduler_reset(&chip->scheduler);
    chooser_init(&chip->chooser, CHOICE_REALISTIC, 1);
    trace_init(&chip->trace, &chip->scheduler.state.now);
    memory_init(&chip->memory);
    bus_init(&chip->bus, &chip->trace);
    state_register(&chip->state, "schedule", &chip->scheduler.state, sizeof chip->scheduler.state);
    state_register(&chip->state, "wires", chip->wires.level, sizeof chip->wires.level);
    trace_subscribe(&chip->trace, TRACE_KIND(MISUSE) | TRACE_KIND(UNMODELLED), see, chip);
    chip->fabric = (struct fabric){.scheduler = &chip->scheduler,
                                   .chooser = &chip->chooser,
                                   .wires = &chip->wires,
                                   .trace = &chip->trace,
                                   .memory = &chip->memory,
                                   .bus = &chip->bus,
                                   .state = &chip->state};
    return chip;
}

void chip_free(struct chip *chip)
{
    memory_release(&chip->memory);
    heap_release(chip);
}

uint32_t chip_read(struct chip *chip, guest_addr address)
{
    return bus_read(&chip->bus, address, 4);
}

void chip_write(struct chip *chip, guest_addr address, uint32_t value)
{
    bus_write(&chip->bus, address, 4, value);
}

void chip_pass(struct chip *chip, sim_time duration)
{
    sim_time end = chip->scheduler.state.now + duration;

    scheduler_dispatch(&chip->scheduler);
    while (scheduler_next(&chip->scheduler) <= end) {
        scheduler_skip_to(&chip->scheduler, scheduler_next(&chip->scheduler));
        scheduler_dispatch(&chip->scheduler);
    }
    scheduler_skip_to(&chip->scheduler, end);
}

uint32_t chip_cell(const struct chip *chip, guest_addr address)
{
    uint8_t bytes[4];

    assert_true(memory_peek(&chip->memory, address, bytes, sizeof bytes));
    return load_le32(bytes);
}

bool chip_irq(const struct chip *chip, unsigned line)
{
    return wire_get(&chip->wires, (enum wire_id)(WIRE_IRQ + line));
}
