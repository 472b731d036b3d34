/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/timing.h"

const struct choice_answer *answer_find(const struct choice_answer *answers, size_t count,
                                        uint32_t number)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (answers[middle].number == number)
            return &answers[middle];
        if (answers[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

uint32_t answer_within(uint32_t value, const struct choice *choice)
{
    if (value < choice->lowest)
        return choice->lowest;
    return value > choice->highest ? choice->highest : value;
}

static uint32_t answer(void *owner, struct chooser *chooser, const struct choice *choice)
{
    const struct timing *timing = owner;
    const struct choice_answer *given =
        answer_find(timing->answer, timing->count, (uint32_t)chooser->state.asked);

    return given ? answer_within(given->value, choice) : chooser_follow(chooser, choice);
}

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
    chooser->oracle = answer;
    chooser->oracle_owner = (void *)(uintptr_t)timing;
    timing_ask_ties(chooser, scheduler);
}
