/* SPDX-License-Identifier: Apache-2.0 */
/* What `fencepost run` was asked to do. */
#ifndef SIM_CLI_RUN_OPTIONS_H
#define SIM_CLI_RUN_OPTIONS_H

#include "sim/cli/board_words.h"
#include "sim/cli/reports.h"
#include "sim/cli/silicon_options.h"
#include "sim/explore/checked.h"
#include "sim/soc/machine.h"

enum { HEAP_FUNCTIONS = 32 };

/* Whether to look for uninitialised bytes; AUTO: when the run was short. */
enum uninitialised_search { UNINITIALISED_AUTO, UNINITIALISED_ON, UNINITIALISED_OFF };

struct run_options {
    struct machine_options machine;
    struct silicon_options silicon;
    struct checked_options checked;
    struct heap_function heap[HEAP_FUNCTIONS]; /* --heap; the names are in heap_words */
    char heap_words[HEAP_FUNCTIONS][128];
    const char *heap_arguments[HEAP_FUNCTIONS]; /* as they were given */
    const char *rules;                          /* --rules as it was given; NULL: all */
    sim_time timeout;                           /* virtual */
    enum uninitialised_search search;
    const char *course; /* name of the first option that decides how the run goes; NULL: none */
    bool quiet;         /* findings and verdict only */
    bool verbose;       /* packets, transfers and interrupts too */
    bool console;       /* the firmware's console alone, as it printed it */
    bool colour;
    bool differential;        /* ideal and real silicon instead of one run */
    bool help;                /* asked for --help; nothing else is valid */
    struct reports reports;   /* released with reports_free */
    const char *suppressions; /* file; NULL: none */
    struct board_words board; /* its file is released with board_file_free */
    const char *flash;        /* file that keeps flash and UICR; NULL: none */
    unsigned image_count;
    char **images; /* elements of argv */
};

/* Reads argv. Returns -1 when all is well, else the exit code after having said why. */
int run_options_read(struct run_options *options, int argc, char **argv);

/*
 * One option that decides the course of a run or what is checked in it (host, dma, seed,
 * store-buffer, on-fault, heap, fences, memory-model), for another command that has it too. False:
 * it is not understood, and that was said.
 */
bool run_options_take(struct run_options *options, const char *name, const char *argument);

/* The words for host, DMA policy, fences and memory model: what could be given to the option. */
const char *run_options_host(const struct run_options *options);
const char *run_options_dma(const struct run_options *options);
const char *run_options_fences(const struct run_options *options);
const char *run_options_memory_model(const struct run_options *options);

/* Prints the text of `fencepost run --help`. */
void run_options_print_help(void);

#endif
