/* SPDX-License-Identifier: Apache-2.0 */
/* A finding in brief: what reports for programs, and suppressions, need of it. Inside sim/report.
 */
#ifndef SIM_REPORT_BRIEF_H
#define SIM_REPORT_BRIEF_H

#include "sim/report/place.h"

enum { SIDES = 3 };

/* One side of a finding's story. */
struct side {
    const char *actor; /* "CPU" or "EasyDMA" */
    const char *what;  /* what happened there, e.g. "the transfer was started" */
    sim_time when;
    const struct site *site; /* of some no more than the pc is known */
};

/* The sides that are known, at least 1, the guilty one first. Pointers into it and the finding. */
struct sides {
    unsigned count;
    struct side side[SIDES];
    struct site observer; /* where the end of the transfer was observed */
};

void finding_sides(const struct finding *finding, struct sides *sides);

/* Whether it is about a transfer, and whether the bytes of its window were recorded. */
bool finding_has_transfer(const struct finding *finding);
bool finding_has_bytes(const struct finding *finding);

enum severity finding_severity(const struct finding *finding);

/* One or two sentences, the same for the same bug: no times, no addresses where names are known. */
void print_brief(struct text *text, const struct finding *finding,
                 const struct report_options *options);

/*
 * Recognises a bug in another run and another build: rule, functions, files and buffer, but neither
 * lines nor addresses. Findings of one run that are alike in all this are numbered from 1.
 */
void print_fingerprint(struct text *text, const struct report_run *run, unsigned index,
                       const struct report_options *options);

#endif
