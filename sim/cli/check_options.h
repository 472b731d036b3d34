/* SPDX-License-Identifier: Apache-2.0 */
/* What `fencepost check` was asked to do. */
#ifndef SIM_CLI_CHECK_OPTIONS_H
#define SIM_CLI_CHECK_OPTIONS_H

#include "sim/base/text.h"
#include "sim/cli/board_words.h"
#include "sim/cli/silicon_options.h"
#include "sim/comply/comply.h"
#include "sim/soc/machine.h"

enum { CHECK_REPORTS = 8, CHECK_PATTERNS = 32 };

/* A report for programs, and where it goes. */
struct check_report {
    void (*emit)(struct text *text, const struct comply *comply, const char *subject);
    const char *path; /* NULL: standard output */
};

struct check_patterns {
    const char *pattern[CHECK_PATTERNS];
    unsigned count;
};

struct check_options {
    struct machine_options machine;
    struct silicon_options silicon;
    struct board_words board;   /* its file is released with board_file_free */
    struct check_patterns only; /* none: all cases */
    struct check_patterns except;
    const char *show; /* the case whose conversation is wanted; NULL: none */
    struct check_report report[CHECK_REPORTS];
    unsigned reports;
    bool colour;
    bool list;
    bool help;
    unsigned image_count;
    char **images; /* elements of argv */
};

/* Reads argv, which is changed. Returns -1 when all is well, else the exit code after having said
 * why. */
int check_options_read(struct check_options *options, int argc, char **argv);

/* A report has standard output for itself. */
bool check_options_own_output(const struct check_options *options);

const char *check_options_help(void);

#endif
