/* SPDX-License-Identifier: Apache-2.0 */
/* One `fencepost run`, from its options to its exit code. Inside sim/cli. */
#ifndef SIM_CLI_RUN_H
#define SIM_CLI_RUN_H

#include "sim/cli/run_options.h"
#include "sim/report/report.h"
#include "sim/report/transcript.h"

struct run {
    struct run_options options;
    struct machine *machine;
    struct checker *checker;
    struct transcript *transcript;
    struct suppressions *suppressions; /* NULL: none were given */
    struct report_options report;
    struct text replay;
    /* The first fault that ended the run, kept until it is reported. */
    bool faulted;
    struct observation fault;
    struct site fault_site;
    char fault_cause[200];
    char reason[400]; /* of struct run_end */
};

/* What the stop of the machine means. The reason stays in `run`. */
struct run_end run_end_of(struct run *run, enum machine_stop stop);

/* One paragraph on an end that was not the regular one: where the firmware was, and how it got
 * there. Nothing for a regular end. */
void run_end_explain(struct text *text, struct run *run, enum machine_stop stop);

/* Writes all reports. Returns the exit code of the run. */
int run_conclude(struct run *run, enum machine_stop stop);

#endif
