/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports for programs: each format is an emitter, which renders a run that is over.
 *
 * A new format is a file with one `const struct emitter` and its place in the list in emitter.c.
 */
#ifndef SIM_REPORT_EMITTER_H
#define SIM_REPORT_EMITTER_H

#include "sim/base/json.h"
#include "sim/report/report.h"

/* One report in the making. */
struct emission {
    const struct report_run *run;
    const struct report_options *options;
    struct text *text; /* grows by the report */
    struct json json;  /* writes to `text`, for those that are JSON */
};

/* Called in this order: begin, finding for each finding, end. Never NULL. */
struct emitter {
    const char *name;  /* as in --report=NAME */
    const char *brief; /* what it is for */
    bool in_lines;     /* goes well with other lines on standard output */
    void (*begin)(struct emission *emission);
    /* `index` of checker_finding(); suppressed ones are shown too. */
    void (*finding)(struct emission *emission, unsigned index);
    void (*end)(struct emission *emission);
};

/* The emitter called `name`, or NULL. */
const struct emitter *emitter_named(const char *name);

/* The emitters one after the other; NULL behind the last. */
const struct emitter *emitter_at(unsigned index);

/* Appends the whole report. */
void emit_report(struct text *text, const struct emitter *emitter, const struct report_run *run,
                 const struct report_options *options);

extern const struct emitter text_emitter;
extern const struct emitter json_emitter;
extern const struct emitter sarif_emitter;
extern const struct emitter junit_emitter;
extern const struct emitter github_emitter;

#endif
