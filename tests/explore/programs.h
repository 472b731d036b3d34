/* SPDX-License-Identifier: Apache-2.0 */
/* Plans of firmware that exists: programs of the default build, with a Linux host. */
#ifndef TESTS_EXPLORE_PROGRAMS_H
#define TESTS_EXPLORE_PROGRAMS_H

#include "tests/cmocka.h"

#include "sim/explore/plan.h"

struct program {
    struct plan plan;
    char path[200];
    char *images[1];
};

/* Fills `program`, which must stay where it is. */
void program_open(struct program *program, const char *name);

/* Of another build than the default one. */
void program_open_build(struct program *program, const char *build, const char *name);

/* As plan_build; fails the test when that fails. */
struct machine *program_build(const struct plan *plan);

#endif
