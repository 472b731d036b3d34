/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames, against brute force: between two stores a token may come, whenever they are; but in the
 * last part of a frame no token has room. So what the host can read depends on where in a frame it
 * asked for the work. Asked twice: by exploring, and by running with all kinds of pauses before the
 * two requests.
 */
#include "tests/explore/programs.h"

#include "sim/explore/campaign.h"
#include "sim/explore/strategy.h"

#include <stdio.h>
#include <string.h>

enum { WORKS = 3, QUESTIONS_MAX = 32 };
/* What the host reads: both words as they were, one of them, both new. */
enum { OLD = 0, TORN = 1, NEW = 3, ALL = 1 << OLD | 1 << TORN | 1 << NEW };
/* Cycles: of the pause before the work is asked for, and before it is read. */
enum { LAST = 64000, STEP_WORK = 21000, STEP_READ = 700 };

/* ---- What is received ------------------------------------------------------------------------ */

/* The two words, first as bit 0; and which questions about tokens were asked. */
struct watch {
    choice_oracle *oracle;
    void *owner;
    unsigned outcome;
    unsigned questions;
    struct choice_answer question[QUESTIONS_MAX]; /* with the lowest answer */
    enum choice_point point[QUESTIONS_MAX];
};

static void see(void *owner, const struct observation *seen)
{
    struct watch *watch = owner;
    const struct obs_usb_packet *packet = &seen->usb_packet;

    if (packet->sender == USB_FROM_DEVICE && packet->size == 2)
        watch->outcome = (unsigned)(packet->payload[0] | packet->payload[1] << 1);
}

static uint32_t ask(void *owner, struct chooser *chooser, const struct choice *choice)
{
    struct watch *watch = owner;

    if ((choice->point == CHOICE_HOST_TOKEN || choice->point == CHOICE_HOST_REQUEST) &&
        watch->questions < QUESTIONS_MAX) {
        watch->point[watch->questions] = choice->point;
        watch->question[watch->questions++] =
            (struct choice_answer){(uint32_t)chooser->state.asked, choice->lowest};
    }
    return watch->oracle(watch->owner, chooser, choice);
}

static void look_at(struct walker *walker, struct watch *watch)
{
    struct chooser *chooser = machine_chooser(walker_machine(walker));

    *watch = (struct watch){.oracle = chooser->oracle, .owner = chooser->oracle_owner};
    chooser->oracle = ask;
    chooser->oracle_owner = watch;
    trace_subscribe(machine_trace(walker_machine(walker)), TRACE_KIND(USB_PACKET), see, watch);
}

/* ---- Asked twice ----------------------------------------------------------------------------- */

static struct campaign *explore(struct program *program, unsigned work, uint32_t places)
{
    const struct campaign_options options = {
        .strategy = &strategy_exhaustive,
        .workers = 1,
        .walker = {.bounds = {.rounds = 2, .places = places, .any_answer = true, .whole = true},
                   .from = "get_ready",
                   .from_count = work + 1,
                   .to = "ep0_data_done"}};
    struct campaign *campaign;
    struct failure failure;

    program_open(program, "frames");
    program->plan.machine.host = HOST_SCRIPT;
    program->plan.machine.host_script = "tests/explore/conversations/frames.usb";
    if (campaign_create(&campaign, &program->plan, &options, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    assert_int_equal(campaign_run(campaign), CAMPAIGN_COMPLETE);
    return campaign;
}

static unsigned explored(struct campaign *campaign, struct watch *watch)
{
    static struct walk walk;
    unsigned outcomes = 0;

    for (unsigned i = 0; i < campaign_class_count(campaign); i++) {
        const struct campaign_class *class = campaign_class_at(campaign, i);

        walker_replay(campaign_walker(campaign), class->answer, class->answers, &walk);
        outcomes |= 1u << watch->outcome;
    }
    return outcomes;
}

/* The questions about the SETUP packets in the window: the token behind each pause between two
 * requests. */
static unsigned setups(const struct watch *watch, unsigned index[2])
{
    unsigned count = 0;

    for (unsigned i = 1; i < watch->questions && count < 2; i++) {
        if (watch->point[i - 1] == CHOICE_HOST_REQUEST && watch->point[i] == CHOICE_HOST_TOKEN)
            index[count++] = i;
    }
    return count;
}

static unsigned forced(struct campaign *campaign, struct watch *watch)
{
    static struct walk walk;
    struct choice_answer answers[QUESTIONS_MAX];
    unsigned outcomes = 0;
    unsigned setup[2];
    unsigned count;

    watch->questions = 0;
    walker_replay(campaign_walker(campaign), NULL, 0, &walk);
    count = watch->questions;
    memcpy(answers, watch->question, sizeof answers);
    assert_int_equal(setups(watch, setup), 2);
    for (uint32_t work = 128; work <= LAST; work += STEP_WORK) {
        for (uint32_t read = 128; read <= LAST; read += STEP_READ) {
            answers[setup[0]].value = work;
            answers[setup[1]].value = read;
            walker_replay(campaign_walker(campaign), answers, count, &walk);
            outcomes |= 1u << watch->outcome;
        }
    }
    return outcomes;
}

static void a_frame_hides_no_outcome(void **state)
{
    (void)state;
    for (unsigned work = 0; work < WORKS; work++) {
        struct program program;
        struct campaign *campaign = explore(&program, work, FRAME_PLACES);
        static struct watch watch;
        unsigned by_exploring;
        unsigned by_force;

        look_at(campaign_walker(campaign), &watch);
        by_exploring = explored(campaign, &watch);
        by_force = forced(campaign, &watch);
        print_message("work %u: explored %#x, brute force %#x, %u steps\n", work, by_exploring,
                      by_force, (unsigned)campaign_progress(campaign)->steps);
        assert_int_equal(by_exploring, by_force);
        assert_true(work == 0 || by_force == ALL);
        campaign_destroy(campaign);
    }
}

/* More of them take more steps, and show nothing that cannot be. */
static void the_places_of_a_frame_are_a_bound(void **state)
{
    uint64_t before = 0;

    (void)state;
    for (uint32_t places = 1; places <= 4; places += 3) {
        struct program program;
        struct campaign *campaign = explore(&program, WORKS - 1, places);
        static struct watch watch;

        look_at(campaign_walker(campaign), &watch);
        assert_int_equal(explored(campaign, &watch), ALL);
        assert_true(campaign_progress(campaign)->steps > before);
        before = campaign_progress(campaign)->steps;
        campaign_destroy(campaign);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_frame_hides_no_outcome),
                                       cmocka_unit_test(the_places_of_a_frame_are_a_bound)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
