/* SPDX-License-Identifier: Apache-2.0 */
/* A search of one program, with the options most tests want. */
#ifndef TESTS_EXPLORE_SEARCH_H
#define TESTS_EXPLORE_SEARCH_H

#include "tests/explore/programs.h"

#include "sim/explore/campaign.h"
#include "sim/explore/strategy.h"

struct search {
    struct program program;
    struct campaign_options options;
    struct campaign *campaign;
};

/* What a search came to, for comparing two. Plain data without padding. */
struct findings_of_search {
    uint64_t steps;
    uint64_t states;
    uint64_t classes;
    uint64_t failures;
    uint64_t all_classes; /* fingerprint of their keys, ends, counts and answers, in order */
};

/* Exhaustive, of the program called `name`, complete, by one process. */
void search_of(struct search *search, const char *name);

enum campaign_verdict search_run(struct search *search);
struct findings_of_search search_findings(const struct search *search);
void search_end(struct search *search);

#endif
