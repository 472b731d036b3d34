/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/explore/search.h"

#include "sim/base/hash.h"

#include <string.h>

void search_of(struct search *search, const char *name)
{
    memset(search, 0, sizeof *search);
    program_open(&search->program, name);
    search->options = (struct campaign_options){
        .strategy = &strategy_exhaustive,
        .workers = 1,
        .depth = 2,
        .walker.bounds = {.interrupt_delay = 16, .rounds = 2, .patience = 20}};
}

enum campaign_verdict search_run(struct search *search)
{
    struct failure failure;

    if (!search->campaign && campaign_create(&search->campaign, &search->program.plan,
                                             &search->options, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    return campaign_run(search->campaign);
}

struct findings_of_search search_findings(const struct search *search)
{
    const struct campaign_progress *progress = campaign_progress(search->campaign);
    struct findings_of_search all = {.steps = progress->steps,
                                     .states = progress->states,
                                     .classes = progress->classes,
                                     .failures = progress->failures,
                                     .all_classes = HASH_SEED};

    for (unsigned i = 0; i < campaign_class_count(search->campaign); i++) {
        const struct campaign_class *class = campaign_class_at(search->campaign, i);
        uint64_t what[] = {class->key, class->wire, class->end, class->step, class->answers};

        all.all_classes = hash_bytes(all.all_classes, what, sizeof what);
        all.all_classes = hash_bytes(all.all_classes, &class->raw, sizeof class->raw);
        all.all_classes =
            hash_bytes(all.all_classes, class->answer, class->answers * sizeof *class->answer);
    }
    return all;
}

void search_end(struct search *search)
{
    campaign_destroy(search->campaign);
    search->campaign = NULL;
}
