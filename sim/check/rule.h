/* SPDX-License-Identifier: Apache-2.0 */
/* The rule catalogue: what each detector rule is called, means and asks for (rules.def). */
#ifndef SIM_CHECK_RULE_H
#define SIM_CHECK_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* Some of the rules: bit n is enum rule_id n. */
typedef uint64_t rule_set;

_Static_assert(RULE_COUNT <= 64, "a rule_set has one bit a rule");

static inline rule_set rule_bit(enum rule_id id)
{
    return (rule_set)1 << id;
}

/*
 * Reads which rules are wanted: words separated by commas, each a rule ("DMA001"), a family of
 * rules ("DMA"), "all" or "none", in upper or lower case; "-" before a word takes away, "+" or
 * nothing adds. A list that begins by taking away or with "+" begins from all of them, any other
 * from none.
 *
 * off    receives the rules that are not wanted.
 * wrong  receives the first word that names no rule, cut to `room`.
 *
 * False when there is such a word.
 */
bool rules_read(rule_set *off, const char *text, char *wrong, size_t room);

/* "error" or "warning". */
const char *severity_name(enum severity severity);

#endif
