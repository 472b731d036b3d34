/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/blocks.h"

#include "sim/base/heap.h"
#include "sim/periph/easydma.h"
#include "sim/periph/errata_unlock.h"
#include "sim/periph/power_clock.h"
#include "sim/periph/usbd.h"
#include "sim/soc/machine.h"
#include "sim/soc/nrf52840.h"
#include "tests/bench/measure.h"

#include <stdio.h>
#include <stdlib.h>

enum { BUILDS = 41 };

/* What a chip is built on, without CPU and host. */
struct world {
    struct scheduler scheduler;
    struct chooser chooser;
    struct wires wires;
    struct trace trace;
    struct memory memory;
    struct bus bus;
    struct state state;
    struct board board;
    /* The few blocks. */
    struct fabric fabric;
    struct easydma easydma;
    struct power_clock power_clock;
    struct errata_unlock errata;
    struct usbd usbd;
};

static struct world *create_world(void)
{
    static const struct board_options ordinary = {{0}};
    struct world *world = heap_allocate(1, sizeof *world);
    struct failure failure;

    scheduler_reset(&world->scheduler);
    chooser_init(&world->chooser, CHOICE_REALISTIC, 0);
    trace_init(&world->trace, &world->scheduler.state.now);
    memory_init(&world->memory);
    bus_init(&world->bus, &world->trace);
    if (board_init(&world->board, &ordinary, &world->wires, &world->trace, &world->state,
                   &failure) != STATUS_OK)
        exit(2);
    return world;
}

static void destroy_world(struct world *world)
{
    board_finish(&world->board);
    memory_release(&world->memory);
    heap_release(world);
}

/* Each builds and resets its blocks on `world`; the CPU time it took. */
static double build_all(struct world *world)
{
    const struct nrf52840_parts parts = {.scheduler = &world->scheduler,
                                         .chooser = &world->chooser,
                                         .wires = &world->wires,
                                         .trace = &world->trace,
                                         .memory = &world->memory,
                                         .bus = &world->bus,
                                         .state = &world->state,
                                         .board = &world->board};
    double begin = cpu_clock();
    struct nrf52840 *chip = nrf52840_create(&parts);
    double took;

    nrf52840_power_on(chip);
    took = cpu_clock() - begin;
    nrf52840_destroy(chip);
    return took;
}

static double build_few(struct world *world)
{
    double begin = cpu_clock();

    world->fabric = (struct fabric){.scheduler = &world->scheduler,
                                    .chooser = &world->chooser,
                                    .wires = &world->wires,
                                    .trace = &world->trace,
                                    .memory = &world->memory,
                                    .bus = &world->bus,
                                    .state = &world->state,
                                    .board = &world->board,
                                    .easydma = &world->easydma};
    easydma_init(&world->easydma, &world->fabric);
    power_clock_init(&world->power_clock, &world->fabric);
    errata_unlock_init(&world->errata, &world->fabric, &errata_unlock_spec);
    usbd_init(&world->usbd, &world->fabric, &usbd_spec);
    usbd_reset(&world->usbd, RESET_POWER_ON);
    errata_unlock_reset(&world->errata, RESET_POWER_ON);
    power_clock_reset(&world->power_clock, RESET_POWER_ON);
    return cpu_clock() - begin;
}

static double in_a_world(double (*build)(struct world *world))
{
    struct world *world = create_world();
    double took = build(world);

    destroy_world(world);
    return took;
}

static double build_machine(void)
{
    const struct machine_options options = {.host = HOST_MANUAL};
    struct machine *machine;
    struct failure failure;
    double begin = cpu_clock();
    double took;

    if (machine_create(&machine, &options, &failure) != STATUS_OK)
        exit(2);
    machine_power_on(machine);
    took = cpu_clock() - begin;
    machine_destroy(machine);
    return took;
}

void measure_blocks(void)
{
    double machine[BUILDS];
    double all[BUILDS];
    double few[BUILDS];
    double whole;
    double less;

    (void)build_machine(); /* the first one tests the engine */
    for (unsigned turn = 0; turn < BUILDS; turn++) {
        machine[turn] = build_machine() * 1e3;
        all[turn] = in_a_world(build_all) * 1e3;
        few[turn] = in_a_world(build_few) * 1e3;
    }
    whole = median(machine, BUILDS);
    less = whole - median(all, BUILDS) + median(few, BUILDS);
    printf("\nA machine built and switched on, CPU time, median of %d\n", BUILDS);
    printf("  %-34s %7.2f ms\n", "all blocks", whole);
    printf("  %-34s %7.2f ms   all blocks take %.2f x as long\n", "USBD and what it needs", less,
           whole / less);
}
