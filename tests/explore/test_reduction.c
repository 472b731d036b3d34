/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reduction against brute force: a driver that copies behind its start, from that start to the
 * end of the packet. What the host can receive is asked twice: by exploring, and by running with
 * thousands of delays of EasyDMA, cycle by cycle.
 */
#include "tests/explore/programs.h"

#include "sim/explore/campaign.h"
#include "sim/explore/strategy.h"

#include <string.h>

enum { OUTCOMES_MAX = 512, QUESTIONS = 3 };

struct outcomes {
    unsigned count;
    uint64_t wire[OUTCOMES_MAX];
};

static bool has(const struct outcomes *outcomes, uint64_t wire)
{
    for (unsigned i = 0; i < outcomes->count; i++) {
        if (outcomes->wire[i] == wire)
            return true;
    }
    return false;
}

static void note(struct outcomes *outcomes, uint64_t wire)
{
    if (!has(outcomes, wire) && outcomes->count < OUTCOMES_MAX)
        outcomes->wire[outcomes->count++] = wire;
}

static struct campaign *explore(struct program *program)
{
    static const struct campaign_options options = {
        .strategy = &strategy_exhaustive,
        .workers = 1,
        .walker = {.bounds = {.rounds = 2, .whole = true, .host_waits = true},
                   .from = "ep0in_start",
                   .to = "log_line"}};
    struct campaign *campaign;
    struct failure failure;

    program_open(program, "usb-5-memcpy-after-start");
    if (campaign_create(&campaign, &program->plan, &options, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    assert_int_equal(campaign_run(campaign), CAMPAIGN_COMPLETE);
    return campaign;
}

/* The first question of the window: the capture of its transfer. */
static uint32_t first_question(struct campaign *campaign)
{
    uint32_t first = UINT32_MAX;

    for (unsigned i = 0; i < campaign_class_count(campaign); i++) {
        const struct campaign_class *class = campaign_class_at(campaign, i);

        if (class->answers && class->answer[0].number < first)
            first = class->answer[0].number;
    }
    assert_true(first != UINT32_MAX);
    return first;
}

static void try_delays(struct walker *walker, uint32_t first, uint32_t word, uint32_t next,
                       struct outcomes *found)
{
    static struct walk walk;
    /* Capture at once, then the first word, then each of the next ones. */
    const struct choice_answer answers[] = {{first, 0},        {first + 1, word},
                                            {first + 2, next}, {first + 3, next},
                                            {first + 4, next}, {first + 5, next}};

    walker_replay(walker, answers, sizeof answers / sizeof *answers, &walk);
    note(found, walk.wire);
}

static void no_outcome_of_brute_force_is_missed(void **state)
{
    static struct outcomes explored;
    static struct outcomes forced;
    struct program program;
    struct campaign *campaign = explore(&program);
    uint32_t first = first_question(campaign);

    (void)state;
    for (unsigned i = 0; i < campaign_class_count(campaign); i++)
        note(&explored, campaign_class_at(campaign, i)->wire);
    for (uint32_t word = 0; word < 130; word++) {
        /* The packet is complete before the host's next token: its question comes behind. */
        for (uint32_t next = 0; next < 40 && word + 4 * next < 110; next += 3)
            try_delays(campaign_walker(campaign), first, word, next, &forced);
    }

    print_message("brute force: %u outcomes; explored: %u outcomes in %u steps\n", forced.count,
                  explored.count, (unsigned)campaign_progress(campaign)->steps);
    assert_in_range(forced.count, 10, OUTCOMES_MAX - 1);
    for (unsigned i = 0; i < forced.count; i++)
        assert_true(has(&explored, forced.wire[i]));
    campaign_destroy(campaign);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_outcome_of_brute_force_is_missed)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
