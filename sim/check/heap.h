/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Heap functions: which there are, and what a call of one looks like in the trace.
 *
 * Whoever has the image finds them by name and has their calls reported (OBS_CALL, OBS_RETURN)
 * with heap_tag() as the mark; rule_heap.c understands it.
 */
#ifndef SIM_CHECK_HEAP_H
#define SIM_CHECK_HEAP_H

#include <stdbool.h>
#include <stdint.h>

enum heap_act { HEAP_ALLOCATE, HEAP_CALLOC, HEAP_REALLOC, HEAP_FREE };

struct heap_function {
    const char *name;
    enum heap_act act;
    uint8_t pointer; /* number of the argument, 0..3; see heap.def */
    uint8_t size;
};

enum { HEAP_ARGUMENTS = 4 };

/* The known ones (heap.def). Static data. */
const struct heap_function *heap_functions(unsigned *count);

/*
 * Reads "NAME:free:ARG", "NAME:alloc:SIZE" , "NAME:calloc:SIZE" or "NAME:realloc:ARG:SIZE", where
 * ARG and SIZE number the arguments from 0. `name` of the result points to the front of `text`,
 * which is cut there. False if it is none of these.
 */
bool heap_function_read(struct heap_function *function, char *text);

uint32_t heap_tag(const struct heap_function *function);

/* What `tag` says, but for the name; false when it is no heap function's. */
bool heap_of_tag(uint32_t tag, struct heap_function *function);

#endif
