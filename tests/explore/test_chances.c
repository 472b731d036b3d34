/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sentence about probabilistic search: a bug that needs d orders is found by one walk with a
 * chance of at least 1 / (n k^(d - 1)), n = 4 actors and k steps. Here the "bugs" are what the host
 * can receive from a driver that copies behind its start, and the walks that lead to each are
 * counted. Seeds are fixed, so the test comes out the same each time.
 */
#include "tests/explore/search.h"

#include <math.h>

enum { OUTCOMES_MAX = 512, WALKS = 1024, SEEDS = 2, ACTORS = 4, WORDS = 5, COPY = 130, LONG = 400 };

struct outcomes {
    unsigned count;
    struct {
        uint64_t wire;
        double walks;
    } outcome[OUTCOMES_MAX];
};

static struct search search;

static void search_window(void)
{
    search_of(&search, "usb-5-memcpy-after-start");
    search.options.walker.from = "ep0in_start";
    search.options.walker.to = "log_line";
    search.options.walker.bounds.whole = true;
    search.options.walker.bounds.host_waits = true;
}

static void note(struct outcomes *outcomes, uint64_t wire, double walks)
{
    unsigned at = 0;

    while (at < outcomes->count && outcomes->outcome[at].wire != wire)
        at++;
    assert_true(at < OUTCOMES_MAX);
    if (at == outcomes->count) {
        outcomes->outcome[outcomes->count].wire = wire;
        outcomes->outcome[outcomes->count++].walks = 0;
    }
    outcomes->outcome[at].walks += walks;
}

static void collect(struct outcomes *outcomes)
{
    for (unsigned i = 0; i < campaign_class_count(search.campaign); i++) {
        const struct campaign_class *class = campaign_class_at(search.campaign, i);

        note(outcomes, class->wire, class->raw);
    }
}

/* The first question of the window: the capture of its transfer. */
static uint32_t first_question(void)
{
    uint32_t first = UINT32_MAX;

    for (unsigned i = 0; i < campaign_class_count(search.campaign); i++) {
        const struct campaign_class *class = campaign_class_at(search.campaign, i);

        if (class->answers && class->answer[0].number < first)
            first = class->answer[0].number;
    }
    assert_true(first != UINT32_MAX);
    return first;
}

/* EasyDMA captures at once; its words wait for as long as `delays` says. */
static void force(uint32_t first, const uint32_t delays[WORDS], struct outcomes *outcomes)
{
    static struct walk walk;
    struct choice_answer answers[WORDS + 1] = {{first, 0}};

    for (uint32_t i = 0; i < WORDS; i++)
        answers[i + 1] = (struct choice_answer){first + 1 + i, delays[i]};
    walker_replay(campaign_walker(search.campaign), answers, WORDS + 1, &walk);
    note(outcomes, walk.wire, 1);
}

/*
 * What one change of priority is enough for, worked out with delays: EasyDMA comes between two
 * instructions of the copy and moves all its words there; or it begins, and lets the copy pass
 * before one of its words. Into `all`: everything that can happen.
 */
static void work_out(struct outcomes *simple, struct outcomes *all)
{
    uint32_t first;

    search_window();
    assert_int_equal(search_run(&search), CAMPAIGN_COMPLETE);
    collect(all);
    first = first_question();
    simple->count = 0;
    for (uint32_t when = 0; when < COPY; when++)
        force(first, (const uint32_t[WORDS]){when}, simple);
    for (uint32_t word = 1; word < WORDS; word++) {
        uint32_t delays[WORDS] = {0};

        delays[word] = LONG;
        force(first, delays, simple);
    }
    search_end(&search);
}

/* How many of the walks lead to which: added to `outcomes`. Returns the steps of the longest. */
static uint32_t walk_by_chance(uint64_t seed, struct outcomes *outcomes)
{
    const struct campaign_progress *progress;
    uint32_t horizon;
    double chance;

    search_window();
    search.options.strategy = &strategy_pct;
    search.options.depth = 2;
    search.options.seed = seed;
    search.options.budget = WALKS;
    assert_int_equal(search_run(&search), CAMPAIGN_STOPPED);
    progress = campaign_progress(search.campaign);
    horizon = progress->horizon;
    chance = 1 / (ACTORS * (double)horizon);
    assert_true(progress->missed >= pow(1 - chance, WALKS) * (1 - 1e-9));
    assert_true(progress->missed < pow(1 - chance, WALKS / 2.0));
    collect(outcomes);
    search_end(&search);
    return horizon;
}

static double walks_to(const struct outcomes *outcomes, uint64_t wire)
{
    for (unsigned i = 0; i < outcomes->count; i++) {
        if (outcomes->outcome[i].wire == wire)
            return outcomes->outcome[i].walks;
    }
    return 0;
}

/* Each of `wanted` is found by as many walks as are promised for bugs that need two orders. */
static void are_found_as_often_as_promised(const struct outcomes *wanted)
{
    struct outcomes found = {0};
    uint32_t steps = 0;
    double promised;

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        uint32_t longest = walk_by_chance(seed, &found);

        steps = longest > steps ? longest : steps;
    }
    promised = SEEDS * WALKS / (ACTORS * (double)steps);
    print_message("%u outcomes, promised are %.1f of %u walks for each\n", wanted->count, promised,
                  SEEDS * WALKS);
    for (unsigned i = 0; i < wanted->count; i++) {
        double walks = walks_to(&found, wanted->outcome[i].wire);

        print_message("    outcome %u: %.0f walks\n", i + 1, walks);
        assert_true(walks >= promised);
    }
}

static void each_bug_is_found_as_often_as_promised(void **state)
{
    static struct outcomes simple;
    static struct outcomes all;

    (void)state;
    work_out(&simple, &all);
    assert_in_range(simple.count, 4, all.count - 4); /* the others need more */
    are_found_as_often_as_promised(&simple);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_bug_is_found_as_often_as_promised)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
