/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/timing.h"

static uint32_t break_tie(void *owner, uint32_t count)
{
    uint32_t first = choose(owner, CHOICE_EVENT_TIE, count);

    return first < count ? first : count - 1;
}

void timing_ask_ties(struct chooser *chooser, struct scheduler *scheduler)
{
    scheduler->tie = break_tie;
    scheduler->tie_owner = chooser;
}

void timing_install(const struct timing *timing, struct chooser *chooser,
                    struct scheduler *scheduler)
{
    chooser_answer(chooser, timing->answer, timing->count);
    timing_ask_ties(chooser, scheduler);
}
