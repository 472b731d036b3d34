/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/shrink.h"

#include "sim/base/heap.h"

#include <string.h>

struct shrinking {
    struct walker *walker;
    const struct walk *wanted;
    struct walk *walk;
    struct choice_answer *trial;
    uint32_t *usual; /* answers to the questions that are answered otherwise */
    unsigned tries;
    unsigned most; /* of them */
};

bool walks_fail_alike(const struct walk *one, const struct walk *other)
{
    if (one->end != other->end)
        return false;
    if (one->end == WALK_FINDING)
        return one->rule == other->rule && one->pc == other->pc;
    return (one->end != WALK_FAULT || one->pc == other->pc) && one->reason == other->reason;
}

static bool fails(struct shrinking *shrinking, const struct choice_answer *answers, uint32_t count)
{
    if (shrinking->tries == shrinking->most)
        return false;
    shrinking->tries++;
    walker_replay(shrinking->walker, answers, count, shrinking->walk);
    return !shrinking->walk->strayed && walks_fail_alike(shrinking->walk, shrinking->wanted);
}

/* Without `size` answers from `at` on. */
static uint32_t leave_out(struct choice_answer *trial, const struct choice_answer *answers,
                          uint32_t count, uint32_t at, uint32_t size)
{
    uint32_t end = at + size < count ? at + size : count;

    memcpy(trial, answers, at * sizeof *trial);
    memcpy(trial + at, answers + end, (count - end) * sizeof *trial);
    return count - (end - at);
}

/* Whole runs of answers first, halves of them next, single ones last. */
static uint32_t drop_answers(struct shrinking *shrinking, struct choice_answer *answers,
                             uint32_t count)
{
    for (uint32_t size = count; size; size /= 2) {
        for (uint32_t at = 0; at < count;) {
            uint32_t left = leave_out(shrinking->trial, answers, count, at, size);

            if (fails(shrinking, shrinking->trial, left)) {
                memcpy(answers, shrinking->trial, left * sizeof *answers);
                count = left;
            } else {
                at += size;
            }
        }
    }
    return count;
}

/* Moves what answer `from` differs from the usual one into answer `into`: what comes behind both is
 * at its old time. False: that cannot be. */
static bool merge_into(struct shrinking *shrinking, const struct choice_answer *answers,
                       uint32_t count, uint32_t from, uint32_t into)
{
    int64_t value = (int64_t)answers[into].value + answers[from].value - shrinking->usual[from];

    if (from == into || value < 0 || value > UINT32_MAX)
        return false;
    (void)leave_out(shrinking->trial, answers, count, from, 1);
    shrinking->trial[into - (into > from)].value = (uint32_t)value;
    return fails(shrinking, shrinking->trial, count - 1);
}

/* One run tells what the questions are usually answered; false: there is none left to make. */
static bool learn_usual(struct shrinking *shrinking, const struct choice_answer *answers,
                        uint32_t count)
{
    if (!fails(shrinking, answers, count))
        return false;
    for (uint32_t i = 0; i < count; i++)
        shrinking->usual[i] = walker_usual(shrinking->walker, i);
    return true;
}

/* Several small moves in time become one. */
static uint32_t merge_answers(struct shrinking *shrinking, struct choice_answer *answers,
                              uint32_t count)
{
    bool known = false;

    for (uint32_t from = count; from-- > 0;) {
        bool merged = false;

        if (!known && !(known = learn_usual(shrinking, answers, count)))
            return count;
        for (uint32_t into = count; into-- > 0 && !merged;)
            merged = merge_into(shrinking, answers, count, from, into);
        if (!merged)
            continue;
        memcpy(answers, shrinking->trial, --count * sizeof *answers);
        known = false;
    }
    return count;
}

/* Halves each value as long as the failure stays: small ones make short tokens. */
static void lower_values(struct shrinking *shrinking, struct choice_answer *answers, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t step = answers[i].value; step; step /= 2) {
            uint32_t value = answers[i].value;

            if (step > value)
                continue;
            answers[i].value = value - step;
            if (!fails(shrinking, answers, count))
                answers[i].value = value;
        }
    }
}

uint32_t shrink(struct walker *walker, struct choice_answer *answers, uint32_t count,
                const struct walk *wanted, unsigned most, unsigned *tries)
{
    struct shrinking shrinking = {.walker = walker, .wanted = wanted, .most = most};

    shrinking.walk = heap_allocate(1, sizeof *shrinking.walk);
    shrinking.trial = heap_allocate(count + 1, sizeof *shrinking.trial);
    shrinking.usual = heap_allocate(count + 1, sizeof *shrinking.usual);
    if (count && fails(&shrinking, answers, count)) {
        count = drop_answers(&shrinking, answers, count);
        count = merge_answers(&shrinking, answers, count);
        count = drop_answers(&shrinking, answers, count);
        lower_values(&shrinking, answers, count);
    }
    if (tries)
        *tries = shrinking.tries;
    heap_release(shrinking.walk);
    heap_release(shrinking.trial);
    heap_release(shrinking.usual);
    return count;
}
