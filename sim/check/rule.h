/* SPDX-License-Identifier: Apache-2.0 */
/* The rule catalogue: what each detector rule is called, means and asks for (rules.def). */
#ifndef SIM_CHECK_RULE_H
#define SIM_CHECK_RULE_H

enum rule_id {
#define RULE(id, severity, title, explanation, example, repair, seen_in) RULE_##id,
#include "sim/check/rules.def"
#undef RULE
    RULE_COUNT,
};

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

struct rule {
    const char *name; /* "DMA001" */
    enum severity severity;
    const char *title;       /* stable: no times, no addresses */
    const char *explanation; /* one paragraph, not wrapped */
    const char *example;     /* lines of C, separated by '\n' */
    const char *repair;      /* one sentence */
    const char *seen_in;     /* public threads about real bugs of this class, separated by "; " */
};

/* The catalogue's entry for `id` < RULE_COUNT. Never NULL. */
const struct rule *rule_describe(enum rule_id id);

/* The entry called `name`, in upper or lower case; NULL if there is none. */
const struct rule *rule_named(const char *name);

/* "error" or "warning". */
const char *severity_name(enum severity severity);

#endif
