/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kinds of choice against brute force: a window of a small program is explored, and run once for
 * each answer that could be given. EasyDMA's words are compared in test_reduction.c, the host's
 * tokens in test_frames.c.
 */
#include "tests/explore/programs.h"

#include "sim/explore/campaign.h"
#include "sim/explore/checked.h"
#include "sim/explore/strategy.h"

enum { QUESTIONS_MAX = 256, OUTCOMES_MAX = 256, DELAY = 12, TIES_MAX = 4 };

struct outcomes {
    unsigned count;
    uint64_t wire[OUTCOMES_MAX];
};

/* The questions about `point` that a run asks. */
struct asked {
    choice_oracle *oracle;
    void *owner;
    enum choice_point point;
    unsigned count;
    struct choice question[QUESTIONS_MAX];
    uint32_t number[QUESTIONS_MAX];
    sim_time when[QUESTIONS_MAX];
};

static struct program program;
static struct campaign *campaign;
static struct asked asked;
static struct walk walk;

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
    assert_true(outcomes->count < OUTCOMES_MAX);
    if (!has(outcomes, wire))
        outcomes->wire[outcomes->count++] = wire;
}

static uint32_t ask(void *owner, struct chooser *chooser, const struct choice *choice)
{
    (void)owner;
    if (choice->point == asked.point && asked.count < QUESTIONS_MAX) {
        asked.number[asked.count] = (uint32_t)chooser->state.asked;
        asked.when[asked.count] = machine_now(walker_machine(campaign_walker(campaign)));
        asked.question[asked.count++] = *choice;
    }
    return asked.oracle(asked.owner, chooser, choice);
}

static void explore(const char *name, const char *script, struct walker_options walker,
                    struct outcomes *explored)
{
    const struct campaign_options options = {
        .strategy = &strategy_exhaustive, .workers = 1, .walker = walker};
    struct failure failure;

    program_open(&program, name);
    program.plan.machine.host = script ? HOST_SCRIPT : HOST_LINUX;
    program.plan.machine.host_script = script;
    if (campaign_create(&campaign, &program.plan, &options, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    assert_int_equal(campaign_run(campaign), CAMPAIGN_COMPLETE);
    for (unsigned i = 0; i < campaign_class_count(campaign); i++)
        note(explored, campaign_class_at(campaign, i)->wire);
}

/* Which questions about `point` the run with `answers` asks. */
static void look_behind(enum choice_point point, const struct choice_answer *answers,
                        uint32_t count)
{
    struct chooser *chooser = machine_chooser(walker_machine(campaign_walker(campaign)));

    asked =
        (struct asked){.oracle = chooser->oracle, .owner = chooser->oracle_owner, .point = point};
    chooser->oracle = ask;
    walker_replay(campaign_walker(campaign), answers, count, &walk);
    chooser->oracle = asked.oracle;
}

/* ... the usual run. */
static void look_for(enum choice_point point)
{
    look_behind(point, NULL, 0);
}

static void try(const struct choice_answer *answers, uint32_t count, struct outcomes *forced)
{
    walker_replay(campaign_walker(campaign), answers, count, &walk);
    note(forced, walk.wire);
}

static void are_all_explored(const char *what, const struct outcomes *forced,
                             const struct outcomes *explored)
{
    print_message("%s: brute force %u outcomes, explored %u in %u steps\n", what, forced->count,
                  explored->count, (unsigned)campaign_progress(campaign)->steps);
    for (unsigned i = 0; i < forced->count; i++)
        assert_true(has(explored, forced->wire[i]));
    campaign_destroy(campaign);
}

/* Each of two interrupts is recognised 0 to DELAY instructions late. */
static void recognition_of_interrupts(void **state)
{
    static struct outcomes explored;
    static struct outcomes forced;
    const struct walker_options walker = {
        .bounds = {.rounds = 64, .interrupt_delay = DELAY, .any_answer = true, .whole = true},
        .from = "be_interrupted",
        .to = "ep0_data_done"};

    (void)state;
    explore("growth", "tests/explore/conversations/interrupts.usb", walker, &explored);
    look_for(CHOICE_IRQ_ENTRY);
    assert_true(asked.count >= 2);
    for (uint32_t first = 0; first <= DELAY; first++) {
        for (uint32_t second = 0; second <= DELAY; second++)
            try((struct choice_answer[]){{asked.number[0], first}, {asked.number[1], second}}, 2,
                &forced);
    }
    assert_true(forced.count > 2);
    assert_int_equal(explored.count, forced.count);
    are_all_explored("interrupts", &forced, &explored);
}

/* Once, anywhere in an enumeration, the host does something else. */
static void turns_of_the_host(void **state)
{
    static struct outcomes explored;
    static struct outcomes forced;
    const struct walker_options walker = {.bounds = {.rounds = 2,
                                                     .deviations = 1,
                                                     .any_answer = true,
                                                     .whole = true,
                                                     .host_waits = true},
                                          .from = "ep0in_start",
                                          .from_count = 4};

    (void)state;
    explore("usb-5", NULL, walker, &explored);
    look_for(CHOICE_HOST_TURN);
    for (unsigned i = 0; i < asked.count; i++) {
        for (uint32_t turn = 0; turn < TURNS; turn++) {
            if (asked.question[i].instance >> turn & 1)
                try(&(struct choice_answer){asked.number[i], turn}, 1, &forced);
        }
    }
    assert_true(forced.count > 2);
    are_all_explored("turns", &forced, &explored);
}

/* Answers the first tie that is left open in every way, and those behind it. `answers` has room for
 * one more. */
static void try_orders(struct choice_answer *answers, uint32_t count, struct outcomes *forced)
{
    struct choice tie;
    uint32_t number;

    look_behind(CHOICE_EVENT_TIE, answers, count);
    note(forced, walk.wire);
    if (asked.count <= count) /* answered all */
        return;
    assert_true(count < TIES_MAX);
    tie = asked.question[count];
    number = asked.number[count];
    for (uint32_t which = 0; which < tie.instance; which++) {
        answers[count] = (struct choice_answer){number, which};
        try_orders(answers, count + 1, forced);
    }
}

/* Three events of one instant have six orders, and the program tells each. */
static void events_of_one_instant(void **state)
{
    static struct outcomes explored;
    static struct outcomes forced;
    static struct choice_answer answers[TIES_MAX + 1];
    const struct walker_options walker = {.bounds = {.rounds = 2,
                                                     .ties = true,
                                                     .any_answer = true,
                                                     .whole = true,
                                                     .host_waits = true},
                                          .from = "race",
                                          .to = "ep0_data_done"};

    (void)state;
    explore("ties", "tests/explore/conversations/ties.usb", walker, &explored);
    try_orders(answers, 0, &forced);
    assert_int_equal(forced.count, 6);
    assert_int_equal(explored.count, 6);
    are_all_explored("ties", &forced, &explored);
}

/* ---- How many timings ------------------------------------------------------------------------ */

/* EasyDMA's steps for one word: capture, the word, END. */
enum { STEPS = 3, CLASSES_MAX = 16, BEFORE_STORE = 3 /* cycles from the start to the store */ };

struct count {
    uint32_t first; /* number of the first step's question */
    sim_time end;   /* of the window */
    unsigned classes;
    uint64_t key[CLASSES_MAX];
    double timings[CLASSES_MAX];
};

static double *timings_of(struct count *count, uint64_t key)
{
    unsigned at = 0;

    while (at < count->classes && count->key[at] != key)
        at++;
    assert_true(at < CLASSES_MAX);
    if (at == count->classes)
        count->key[count->classes++] = key;
    return &count->timings[at];
}

/*
 * One for each instant at which each step may come within the window, from `begin` on; behind its
 * end is one more for it and all that follow. `answers` says when those before `step` come.
 */
static void count_timings(struct count *count, sim_time begin,
                          const struct choice_answer answers[STEPS], uint32_t step)
{
    static const uint32_t late[STEPS] = {128, 6400, 640};
    struct choice_answer further[STEPS];

    for (uint32_t i = 0; i < STEPS; i++)
        further[i] = i < step ? answers[i] : (struct choice_answer){count->first + i, late[i]};
    walker_replay(campaign_walker(campaign), further, STEPS, &walk);
    *timings_of(count, walk.key) += 1;
    for (sim_time when = begin; step < STEPS && when < count->end; when++) {
        further[step].value = (uint32_t)(when - begin);
        count_timings(count, when, further, step + 1);
    }
}

/* As many timings, in cycles, as the report says lead to each class. */
static void timings_that_a_class_stands_for(void **state)
{
    static struct outcomes explored;
    static struct count count;
    static struct count told;
    const struct checked_options checked = {.checker = {.rules_off = ~(rule_set)0}};
    const struct walker_options walker = {
        .bounds = {.rounds = 2, .any_answer = true, .whole = true, .host_waits = true},
        .from = "copy_behind_start",
        .to = "copy_behind_start",
        .to_returns = true,
        .checked = &checked};
    double all = 0;
    double missing = 0;
    unsigned instants;

    (void)state;
    explore("growth", "tests/explore/conversations/one-word.usb", walker, &explored);
    look_for(CHOICE_DMA_CAPTURE);
    assert_int_equal(asked.count, 1);
    count.first = asked.number[0];
    count.end = walk.when;
    count_timings(&count, asked.when[0], NULL, 0);
    for (unsigned i = 0; i < campaign_class_count(campaign); i++) {
        const struct campaign_class *class = campaign_class_at(campaign, i);

        walker_replay(campaign_walker(campaign), class->answer, class->answers, &walk);
        *timings_of(&told, walk.key) += class->raw;
    }
    campaign_destroy(campaign);

    assert_int_equal(told.classes, count.classes);
    for (unsigned i = 0; i < count.classes; i++) {
        double by_exploring = *timings_of(&told, count.key[i]);

        print_message("%.0f timings of %.0f\n", by_exploring, count.timings[i]);
        assert_true(by_exploring <= count.timings[i]);
        all += count.timings[i];
        missing += count.timings[i] - by_exploring;
    }
    /* Three steps one behind the other at any of the instants, or behind them. */
    instants = (unsigned)(count.end - asked.when[0]);
    assert_int_equal(all, (instants + 1) * (instants + 2) * (instants + 3) / 6);
    /* Only the capture comes, and that behind the store: no access is left that could tell. */
    assert_int_equal(missing, instants - BEFORE_STORE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recognition_of_interrupts),
        cmocka_unit_test(turns_of_the_host),
        cmocka_unit_test(events_of_one_instant),
        cmocka_unit_test(timings_that_a_class_stands_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
