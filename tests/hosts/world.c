/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/hosts/world.h"

#include "sim/base/heap.h"

static void see(void *owner, const struct observation *observation)
{
    struct world *world = owner;

    text_printf(&world->said, "%s\n", observation->host.text);
}

struct world *world_create(enum host_talk talk, enum gadget_fault fault, uint64_t seed)
{
    struct world *world = heap_allocate(1, sizeof *world);

    scheduler_reset(&world->scheduler);
    wires_reset(&world->wires);
    trace_init(&world->trace, &world->scheduler.state.now);
    chooser_init(&world->chooser, CHOICE_REALISTIC, 1);
    trace_subscribe(&world->trace, TRACE_KIND(HOST), see, world);
    gadget_init(&world->gadget, fault, &world->scheduler, &world->wires);
    state_register(&world->state, "schedule", &world->scheduler.state,
                   sizeof world->scheduler.state);
    state_register(&world->state, "wires", world->wires.level, sizeof world->wires.level);
    state_register(&world->state, "gadget", &world->gadget, sizeof world->gadget);
    world->host = host_create(&(struct host_config){.scheduler = &world->scheduler,
                                                    .chooser = &world->chooser,
                                                    .wires = &world->wires,
                                                    .trace = &world->trace,
                                                    .state = &world->state,
                                                    .port = &gadget_port,
                                                    .device = &world->gadget,
                                                    .profile = HOST_LINUX,
                                                    .program = hosts_program(talk),
                                                    .seed = seed});
    host_power_on(world->host);
    return world;
}

void world_destroy(struct world *world)
{
    host_destroy(world->host);
    text_free(&world->said);
    heap_release(world);
}

void world_run(struct world *world, sim_time limit)
{
    while (host_outcome(world->host) == HOST_BUSY) {
        sim_time next = scheduler_next(&world->scheduler);

        if (next == SIM_TIME_NEVER || next > limit)
            return;
        scheduler_skip_to(&world->scheduler, next);
        scheduler_dispatch(&world->scheduler);
    }
}
