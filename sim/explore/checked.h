/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A machine with a checker that knows what the image tells: where memory objects end, where the
 * main stack begins, which functions hand out heap blocks and take them back.
 */
#ifndef SIM_EXPLORE_CHECKED_H
#define SIM_EXPLORE_CHECKED_H

#include "sim/check/checker.h"
#include "sim/check/heap.h"
#include "sim/soc/machine.h"

/* How a machine is to be checked. Strings and lists are the caller's, for as long as it is used. */
struct checked_options {
    struct checker_options checker;   /* what the image tells is filled in, if there is one */
    const struct heap_function *heap; /* besides those of heap.def */
    unsigned heap_count;
};

/* True when the image of `machine` has a function called `name`: heap functions it has not are
 * passed over. */
bool checked_has_function(const struct machine *machine, const char *name);

/*
 * Attaches a checker to `machine`, whose images are loaded and which was not switched on yet.
 * Without symbols it knows the main stack only. `options` NULL: all rules. Released with
 * checker_destroy, before the machine.
 */
struct checker *checked_attach(struct machine *machine, const struct checked_options *options);

#endif
