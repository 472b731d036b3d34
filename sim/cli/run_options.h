/* SPDX-License-Identifier: Apache-2.0 */
/* What `fencepost run` was asked to do. */
#ifndef SIM_CLI_RUN_OPTIONS_H
#define SIM_CLI_RUN_OPTIONS_H

#include "sim/explore/checked.h"
#include "sim/soc/machine.h"

enum { HEAP_FUNCTIONS = 32 };

struct run_options {
    struct machine_options machine;
    struct checked_options checked;
    struct heap_function heap[HEAP_FUNCTIONS]; /* --heap; the names are in heap_words */
    char heap_words[HEAP_FUNCTIONS][128];
    sim_time timeout; /* virtual */
    bool quiet;       /* findings and verdict only */
    bool verbose;     /* packets, transfers and interrupts too */
    bool console;     /* the firmware's console alone, as it printed it */
    bool colour;
    bool help; /* asked for --help; nothing else is valid */
    unsigned image_count;
    char **images; /* elements of argv */
};

/* Reads argv. Returns -1 when all is well, else the exit code after having said why. */
int run_options_read(struct run_options *options, int argc, char **argv);

/* The text of `fencepost run --help`. */
const char *run_options_help(void);

#endif
