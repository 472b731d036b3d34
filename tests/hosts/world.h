/* SPDX-License-Identifier: Apache-2.0 */
/* A host with a program and a gadget, without a machine. */
#ifndef TESTS_HOSTS_WORLD_H
#define TESTS_HOSTS_WORLD_H

#include "sim/base/text.h"
#include "sim/hosts/hosts.h"
#include "tests/hosts/gadget.h"

#define WORLD_TIME (100 * CYCLES_PER_SECOND)

struct world {
    struct scheduler scheduler;
    struct chooser chooser;
    struct wires wires;
    struct trace trace;
    struct state state;
    struct gadget gadget;
    struct host *host;
    struct text said;
};

struct world *world_create(enum host_talk talk, enum gadget_fault fault, uint64_t seed);
void world_destroy(struct world *world);

/* Until the host has come to an end, or to `limit`. */
void world_run(struct world *world, sim_time limit);

#endif
