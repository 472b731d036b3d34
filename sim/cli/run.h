/* SPDX-License-Identifier: Apache-2.0 */
/* One `fencepost run`, from its options to its exit code. Inside sim/cli. */
#ifndef SIM_CLI_RUN_H
#define SIM_CLI_RUN_H

#include "sim/cli/board_files.h"
#include "sim/cli/run_options.h"
#include "sim/explore/token.h"
#include "sim/explore/uninitialised.h"
#include "sim/explore/waiting.h"
#include "sim/explore/witness.h"
#include "sim/report/report.h"
#include "sim/report/transcript.h"

struct run {
    struct run_options options;
    int argc; /* of the command */
    char **argv;
    struct plan plan;
    const char *token; /* the run is a replay; NULL: it is not */
    uint32_t token_check;
    uint64_t fingerprint; /* of what was loaded */
    struct machine *machine;
    struct checker *checker;
    struct transcript *transcript;
    struct board_files board_files;
    struct suppressions *suppressions; /* NULL: none were given */
    struct report_options report;
    struct text replay; /* command line that repeats the run */
    /* What other runs of the same plan have shown. */
    struct wire_log log; /* of this run */
    struct extremes extremes;
    struct text replays[EXTREMES];
    struct report_witness *witnesses;
    struct text note;       /* for the verdict */
    struct waiting waiting; /* what it waits for at an end that is none */
    unsigned resets;        /* of the system, and where the CPU was at the last */
    guest_addr reset_pc;
    /* The first fault that ended the run, kept until it is reported. */
    bool faulted;
    struct observation fault;
    struct site fault_site;
    char fault_cause[200];
    char reason[400]; /* of struct run_end */
};

/* What the stop of the machine means. The reason stays in `run`. */
struct run_end run_end_of(struct run *run, enum machine_stop stop);

/* Looks what the firmware waits for, at an end that it did not come to by itself. */
void run_end_look(struct run *run, enum machine_stop stop);

/* One paragraph on an end that was not the regular one: where the firmware was, and how it got
 * there. Nothing for a regular end. */
void run_end_explain(struct text *text, struct run *run, enum machine_stop stop);

/* The command line that repeats `plan`, which is the run's or its like, with the same image. */
void run_write_replay(const struct run *run, struct text *text, const struct plan *plan);

/* Runs the plan again, as often as the options want, for uninitialised bytes and for witnesses of
 * the races that were found; the results are findings, or stay in `run` for its reports. */
void run_explore(struct run *run);
void run_explore_free(struct run *run);

/* Writes all reports. Returns the exit code of the run. */
int run_conclude(struct run *run, enum machine_stop stop);

#endif
