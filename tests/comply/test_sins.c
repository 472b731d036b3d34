/* SPDX-License-Identifier: Apache-2.0 */
/* A compliant device is green; each sin is red on exactly its lines of the table. */
#include "sim/base/heap.h"
#include "sim/comply/comply.h"
#include "tests/cmocka.h"
#include "tests/comply/sinner.h"

#include <stdio.h>
#include <string.h>

struct world {
    struct scheduler scheduler;
    struct chooser chooser;
    struct wires wires;
    struct trace trace;
    struct state state;
    struct sinner sinner;
    struct host *host;
    struct snapshot *snapshot[COMPLY_STATES];
    bool dies; /* the device's story ends with the first request in state Configured */
    const char *complaint;
};

static const struct {
    const char *name;
    const char *cases;
} sin_table[] = {
#define SIN(name, cases, brief) {#name, cases},
#include "tests/comply/sins.def"
#undef SIN
};

/* ---- The world ------------------------------------------------------------------------------- */

static const char *run(void *owner, sim_time limit)
{
    struct world *world = owner;
    sim_time end = world->scheduler.state.now + limit;

    while (host_outcome(world->host) == HOST_BUSY) {
        sim_time next = scheduler_next(&world->scheduler);

        if (next == SIM_TIME_NEVER || next > end)
            break;
        scheduler_skip_to(&world->scheduler, next);
        scheduler_dispatch(&world->scheduler);
    }
    return world->dies && world->sinner.state.configured ? "the test says so" : NULL;
}

static void save(void *owner, enum comply_state state)
{
    struct world *world = owner;

    world->snapshot[state] = snapshot_retake(world->snapshot[state], &world->state);
}

static void restore(void *owner, enum comply_state state)
{
    struct world *world = owner;

    snapshot_restore(world->snapshot[state], &world->state);
}

static const char *complain(void *owner)
{
    return ((struct world *)owner)->complaint;
}

static struct world *create_world(enum sin sin)
{
    struct world *world = heap_allocate(1, sizeof *world);

    scheduler_reset(&world->scheduler);
    wires_reset(&world->wires);
    trace_init(&world->trace, &world->scheduler.state.now);
    chooser_init(&world->chooser, CHOICE_REALISTIC, 1);
    sinner_init(&world->sinner, sin, &world->scheduler, &world->wires);
    state_register(&world->state, "schedule", &world->scheduler.state,
                   sizeof world->scheduler.state);
    state_register(&world->state, "wires", world->wires.level, sizeof world->wires.level);
    state_register(&world->state, "device", &world->sinner.state, sizeof world->sinner.state);
    world->host = host_create(&(struct host_config){.scheduler = &world->scheduler,
                                                    .chooser = &world->chooser,
                                                    .wires = &world->wires,
                                                    .trace = &world->trace,
                                                    .state = &world->state,
                                                    .port = &sinner_port,
                                                    .device = &world->sinner,
                                                    .profile = HOST_MANUAL});
    host_power_on(world->host);
    return world;
}

static void destroy_world(struct world *world)
{
    host_destroy(world->host);
    for (unsigned i = 0; i < COMPLY_STATES; i++)
        snapshot_free(world->snapshot[i]);
    heap_release(world);
}

static struct comply *examine(struct world *world, const char *only)
{
    struct comply *comply = comply_create(&(struct comply_world){.host = world->host,
                                                                 .owner = world,
                                                                 .run = run,
                                                                 .save = save,
                                                                 .restore = restore,
                                                                 .complaint = complain});

    if (only)
        assert_true(comply_select(comply, only));
    comply_run(comply, NULL, NULL);
    return comply;
}

/* ---- Verdicts -------------------------------------------------------------------------------- */

/* Is `name` one of the words of `list`? */
static bool is_listed(const char *list, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = list; (at = strstr(at, name)) != NULL; at += length)
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
            return true;
    return false;
}

static unsigned words_of(const char *list)
{
    unsigned words = 0;

    for (const char *at = list; *at; at += strcspn(at, " "), at += *at == ' ')
        words++;
    return words;
}

static bool is_red(const struct comply_result *result)
{
    return result->verdict == COMPLY_FAILED || result->verdict == COMPLY_MISSING;
}

/* Prints what is not as sins.def has it; returns how much that is. */
static unsigned compare(const struct comply *comply, const char *sin, const char *cases)
{
    unsigned wrong = 0;
    unsigned red = 0;

    for (unsigned i = 0; i < comply_count(comply); i++) {
        const struct comply_result *result = comply_result(comply, i);
        const char *name = comply_case_name(result->subject);

        red += is_red(result);
        if (is_red(result) == is_listed(cases, name))
            continue;
        print_error("%s: %s is %s%s%s\n", sin, name, is_red(result) ? "red: " : "green",
                    is_red(result) && result->reason ? result->reason : "",
                    result->verdict == COMPLY_NOT_APPLICABLE ? " (n/a)" : "");
        wrong++;
    }
    if (!wrong && red != words_of(cases)) {
        print_error("%s: a case is listed that does not exist\n", sin);
        wrong++;
    }
    return wrong;
}

static void every_sin_is_red_on_exactly_its_lines(void **state)
{
    unsigned wrong = 0;

    (void)state;
    for (unsigned sin = 0; sin < SINS; sin++) {
        struct world *world = create_world((enum sin)sin);
        struct comply *comply = examine(world, NULL);

        wrong += compare(comply, sin_table[sin].name, sin_table[sin].cases);
        comply_destroy(comply);
        destroy_world(world);
    }
    assert_int_equal(wrong, 0);
}

/* The device has nearly everything, so nearly everything is tested on it. */
static void little_is_not_applicable_to_the_device_of_these_tests(void **state)
{
    struct world *world = create_world(SIN_NONE);
    struct comply *comply = examine(world, NULL);

    (void)state;
    for (unsigned i = 0; i < comply_count(comply); i++) {
        const struct comply_result *result = comply_result(comply, i);

        if (result->verdict == COMPLY_NOT_APPLICABLE &&
            !is_listed("associations cdc-descriptors msc-descriptors cdc-line-coding msc-max-lun "
                       "no-remote-wakeup",
                       comply_case_name(result->subject)))
            fail_msg("%s: %s", comply_case_name(result->subject), result->reason);
    }
    assert_true(comply_passed(comply));
    comply_destroy(comply);
    destroy_world(world);
}

static void a_case_without_a_result_is_a_failure(void **state)
{
    struct world *world = create_world(SIN_NONE);
    struct comply *comply;

    (void)state;
    world->dies = true;
    comply = examine(world, NULL);
    assert_false(comply_passed(comply));
    for (unsigned i = 0; i < comply_count(comply); i++) {
        const struct comply_result *result = comply_result(comply, i);

        if (comply_case_state(result->subject) == COMPLY_CONFIGURED) {
            assert_int_equal(result->verdict, COMPLY_MISSING);
            assert_non_null(strstr(result->reason, "did not come to state Configured"));
        }
    }
    comply_destroy(comply);
    destroy_world(world);
}

static void before_it_ran_nothing_has_passed(void **state)
{
    struct world *world = create_world(SIN_NONE);
    struct comply *comply =
        comply_create(&(struct comply_world){.host = world->host, .owner = world, .run = run});

    (void)state;
    assert_int_equal(comply_tally(comply, COMPLY_MISSING), comply_count(comply));
    assert_false(comply_passed(comply));
    comply_destroy(comply);
    destroy_world(world);
}

static void what_else_went_wrong_fails_the_case(void **state)
{
    struct world *world = create_world(SIN_NONE);
    struct comply *comply;

    (void)state;
    world->complaint = "DMA001: something";
    comply = examine(world, "get-status");
    assert_int_equal(comply_tally(comply, COMPLY_FAILED), 1);
    comply_destroy(comply);
    destroy_world(world);
}

static void cases_are_chosen_by_their_names(void **state)
{
    struct world *world = create_world(SIN_NONE);
    struct comply *comply = examine(world, "suspend-in-*");
    struct text text = {0};

    (void)state;
    assert_int_equal(comply_tally(comply, COMPLY_PASSED), 4);
    assert_int_equal(comply_tally(comply, COMPLY_MISSING), 0);
    assert_false(comply_select(comply, "no-such-case"));
    comply_print(&text, comply, false);
    assert_non_null(strstr(text_string(&text), "compliant: 4 passed, 0 failed, 0 not applicable"));
    text_free(&text);
    comply_destroy(comply);
    destroy_world(world);
}

static void names_of_cases_are_unique(void **state)
{
    (void)state;
    for (unsigned i = 0; comply_case_at(i); i++)
        for (unsigned j = 0; j < i; j++)
            assert_string_not_equal(comply_case_name(comply_case_at(i)),
                                    comply_case_name(comply_case_at(j)));
}

/* ---- Reports --------------------------------------------------------------------------------- */

static void reports_tell_reason_clause_and_conversation(void **state)
{
    struct world *world = create_world(SIN_NO_GET_INTERFACE);
    struct comply *comply = examine(world, "get-*");
    struct text text = {0};

    (void)state;
    comply_print(&text, comply, false);
    assert_non_null(strstr(text_string(&text), "FAIL     GET_INTERFACE of each: setting 0"));
    assert_non_null(strstr(text_string(&text), "case get-interface\n"));
    assert_non_null(strstr(text_string(&text), "the device answered STALL"));
    assert_non_null(strstr(text_string(&text), "\nnot compliant: "));
    text_clear(&text);
    comply_emit_junit(&text, comply, "a<b.elf");
    assert_non_null(strstr(text_string(&text), "name=\"a&lt;b.elf\""));
    assert_non_null(strstr(text_string(&text), "failures=\"1\""));
    assert_non_null(
        strstr(text_string(&text), "<failure type=\"failed\" message=\"get-interface:1"));
    text_clear(&text);
    comply_emit_json(&text, comply, "a.elf");
    assert_non_null(strstr(text_string(&text), "\"compliant\": false"));
    assert_non_null(strstr(text_string(&text), "\"verdict\": \"failed\""));
    assert_non_null(strstr(text_string(&text), "\"clause\": \"9.4.4\""));
    text_free(&text);
    comply_destroy(comply);
    destroy_world(world);
}

static void a_conversation_brings_the_device_to_its_state_by_itself(void **state)
{
    struct world *world = create_world(SIN_NONE);
    struct comply *comply = examine(world, "halt");
    struct conversation *conversation;
    struct failure failure;
    struct text text = {0};

    (void)state;
    for (unsigned i = 0; i < comply_count(comply); i++)
        if (comply_result(comply, i)->selected)
            comply_print_conversation(&text, comply, comply_result(comply, i));
    assert_int_equal(
        conversation_parse(&conversation, "halt.usb", text_string(&text), text.length, &failure),
        STATUS_OK);
    host_power_on(world->host);
    host_follow(world->host, conversation);
    assert_null(run(world, 10 * CYCLES_PER_SECOND));
    assert_int_equal(host_outcome(world->host), HOST_DONE);
    conversation_free(conversation);
    text_free(&text);
    comply_destroy(comply);
    destroy_world(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sin_is_red_on_exactly_its_lines),
        cmocka_unit_test(little_is_not_applicable_to_the_device_of_these_tests),
        cmocka_unit_test(a_case_without_a_result_is_a_failure),
        cmocka_unit_test(before_it_ran_nothing_has_passed),
        cmocka_unit_test(what_else_went_wrong_fails_the_case),
        cmocka_unit_test(cases_are_chosen_by_their_names),
        cmocka_unit_test(names_of_cases_are_unique),
        cmocka_unit_test(reports_tell_reason_clause_and_conversation),
        cmocka_unit_test(a_conversation_brings_the_device_to_its_state_by_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
