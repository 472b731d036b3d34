/* SPDX-License-Identifier: Apache-2.0 */
/* The reports a run was asked for: --report=FORMAT[:FILE],... */
#ifndef SIM_CLI_REPORTS_H
#define SIM_CLI_REPORTS_H

#include "sim/report/emitter.h"

enum { REPORTS = 16 };

/* One report and where it goes. */
struct report_target {
    const struct emitter *emitter;
    char *path; /* NULL: standard output */
};

struct reports {
    struct report_target target[REPORTS];
    unsigned count;
    bool silent; /* standard output is used otherwise: no text there */
};

/* Reads the value of one --report. On failure has said why and returns false. */
bool reports_read(struct reports *reports, const char *argument);

/* Whether standard output is for one report alone, e.g. json:-; no other text may go there. */
bool reports_own_output(const struct reports *reports);

/* Whether any report goes there. */
bool reports_use_output(const struct reports *reports);

/* At most one report can own standard output, and then no other can go there. On failure has said
 * why and returns false. */
bool reports_check(const struct reports *reports);

/*
 * Writes all of them: first those for standard output, the text report included unless another one
 * owns it, then the files. A file that cannot be written is told in one line and the others are
 * still written. Returns EXIT_CLEAN or EXIT_USAGE.
 *
 * plain_details  run->end.details without colours, for files.
 */
int reports_write(const struct reports *reports, const struct report_run *run,
                  const struct report_options *options, const char *plain_details);

void reports_free(struct reports *reports);

#endif
