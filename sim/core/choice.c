/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/core/choice.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const struct choice_row {
    const char *name;
    uint32_t lowest;
    uint32_t typical;
    uint32_t highest;
} rows[] = {
#define CHOICE(name, lowest, typical, highest, brief) {#name, (lowest), (typical), (highest)},
#include "sim/core/choice.def"
#undef CHOICE
};

const char *choice_name(enum choice_point point)
{
    assert(point < CHOICE_POINT_COUNT);
    return rows[point].name;
}

uint32_t choice_highest(enum choice_point point)
{
    assert(point < CHOICE_POINT_COUNT);
    return rows[point].highest;
}

void chooser_init(struct chooser *chooser, enum choice_policy dma_policy, uint64_t seed)
{
    *chooser = (struct chooser){.other_policy = CHOICE_REALISTIC};
    chooser_set_dma_policy(chooser, dma_policy);
    chooser_reset(chooser, seed);
}

void chooser_set_dma_policy(struct chooser *chooser, enum choice_policy policy)
{
    chooser->state.dma_policy = policy;
}

void chooser_reset(struct chooser *chooser, uint64_t seed)
{
    chooser->state = (struct choice_state){.dma_policy = chooser->state.dma_policy};
    rng_seed(&chooser->state.rng, seed);
}

struct choice choice_bounds(enum choice_point point, uint32_t instance)
{
    assert(point < CHOICE_POINT_COUNT);
    return (struct choice){.point = point,
                           .instance = instance,
                           .lowest = rows[point].lowest,
                           .typical = rows[point].typical,
                           .highest = rows[point].highest};
}

static bool is_dma(enum choice_point point)
{
    return point <= CHOICE_DMA_END;
}

/* Not how long something takes, but what happens: fast or slow is no answer to that. */
static bool is_manner(enum choice_point point)
{
    return point == CHOICE_IRQ_ENTRY || point == CHOICE_EVENT_TIE || point == CHOICE_HOST_TURN ||
           point == CHOICE_STORE_ARRIVES;
}

static enum choice_policy policy_for(const struct chooser *chooser, enum choice_point point)
{
    if (is_manner(point))
        return CHOICE_REALISTIC;
    return is_dma(point) ? (enum choice_policy)chooser->state.dma_policy : chooser->other_policy;
}

uint32_t chooser_follow(struct chooser *chooser, const struct choice *choice)
{
    switch (policy_for(chooser, choice->point)) {
    case CHOICE_REALISTIC:
        return choice->typical;
    case CHOICE_EAGER:
        return choice->lowest;
    case CHOICE_LAZY:
        return choice->highest;
    case CHOICE_RANDOM:
        return rng_between(&chooser->state.rng, choice->lowest, choice->highest);
    }
    assert(false && "a policy that does not exist");
    return choice->typical;
}

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

void chooser_answer(struct chooser *chooser, const struct choice_answer *answers, uint32_t count)
{
    assert(count <= CHOICE_ANSWERS);
    chooser->answers = count;
    memcpy(chooser->answer, answers, count * sizeof *answers);
}

static uint32_t answer(struct chooser *chooser, const struct choice *choice)
{
    const struct choice_answer *given =
        answer_find(chooser->answer, chooser->answers, (uint32_t)chooser->state.asked);

    if (given)
        return answer_within(given->value, choice);
    return chooser->oracle ? chooser->oracle(chooser->oracle_owner, chooser, choice)
                           : chooser_follow(chooser, choice);
}

uint32_t choose(struct chooser *chooser, enum choice_point point, uint32_t instance)
{
    struct choice choice = choice_bounds(point, instance);
    uint32_t value;

    chooser->state.asked++;
    value = answer(chooser, &choice);
    assert(value >= choice.lowest && value <= choice.highest);
    return value;
}
