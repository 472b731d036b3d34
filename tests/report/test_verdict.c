/* SPDX-License-Identifier: Apache-2.0 */
/* The last word of a run, and the catalogue. */
#include "tests/report/scene.h"

#include "tests/report/golden.h"

#include <stdio.h>
#include <string.h>

/* The verdict up to the number of rules: the catalogue grows. */
static const char *verdict_after(struct scene *scene, struct run_end end)
{
    struct report_run run = {.checker = scene->checker, .end = end};
    char rules[40];
    char *at;

    text_clear(&scene->text);
    report_verdict(&scene->text, &run, &scene->options);
    (void)snprintf(rules, sizeof rules, ", all %d rules on\n", RULE_COUNT);
    at = strstr(scene->text.bytes, rules);
    assert_non_null(at);
    memmove(at, at + strlen(rules) - 1, strlen(at + strlen(rules) - 1) + 1);
    return text_string(&scene->text);
}

static const char *verdict(struct scene *scene)
{
    return verdict_after(scene, (struct run_end){.name = "host-done"});
}

static void a_clean_run_says_what_was_looked_at(void **state)
{
    struct scene *scene = *state;

    scene_cpu(scene, 0x1000, 0, NULL);
    scene_start(scene, scene->epin0, 18);
    scene_move(scene, 0, 18);
    scene_end(scene);
    scene_observe(scene);
    scene_start(scene, scene->epin0, 1);
    scene_move(scene, 0, 1);

    assert_string_equal(verdict(scene),
                        "clean: 2 transfers (19 bytes, 2 windows), 0 accesses to open windows "
                        "checked, 0 barriers seen\n");
}

static void a_run_with_a_finding_is_never_called_clean(void **state)
{
    struct scene *scene = *state;

    scene_memcpy_after_start(scene);

    assert_string_equal(verdict(scene), "1 finding (1 error): 1 transfer (18 bytes, 1 window), 5 "
                                        "accesses to open windows checked, 0 barriers seen\n");
}

static const struct run_end gave_up = {
    .name = "host-failed", .reason = "the host gave up: no answer", .failed = true};

static void a_run_that_failed_without_a_finding_is_never_called_clean(void **state)
{
    struct scene *scene = *state;

    assert_string_equal(verdict_after(scene, gave_up),
                        "no findings, but the run failed: the host gave up: no answer\n"
                        "looked at 0 transfers (0 bytes, 0 windows), 0 accesses to open "
                        "windows checked, 0 barriers seen\n");
}

static void a_failed_run_with_a_finding_tells_both(void **state)
{
    struct scene *scene = *state;

    scene_memcpy_after_start(scene);

    assert_non_null(strstr(verdict_after(scene, gave_up),
                           "1 finding (1 error), and the run failed: the host gave up: no answer\n"
                           "looked at 1 transfer ("));
}

static void rules_that_were_off_are_named(void **state)
{
    struct checker_options options = {.rules_off = rule_bit(RULE_DMA001)};
    struct state memory = {0};
    struct scene *scene = *state;
    struct report_run run = {.end = {.name = "host-done"}};
    struct checker *checker = checker_create(&scene->trace, &memory, &options);
    char rules[60];

    run.checker = checker;
    report_verdict(&scene->text, &run, &scene->options);
    checker_destroy(checker);

    (void)snprintf(rules, sizeof rules, "%d of %d rules on (off: DMA001)\n", RULE_COUNT - 1,
                   RULE_COUNT);
    assert_non_null(strstr(text_string(&scene->text), rules));
}

static void few_rules_are_named_when_they_are_on(void **state)
{
    struct checker_options options = {.rules_off = ~rule_bit(RULE_DMA001)};
    struct state memory = {0};
    struct scene *scene = *state;
    struct report_run run = {.end = {.name = "host-done"}};
    struct checker *checker = checker_create(&scene->trace, &memory, &options);
    char rules[60];

    run.checker = checker;
    report_verdict(&scene->text, &run, &scene->options);
    checker_destroy(checker);

    (void)snprintf(rules, sizeof rules, "1 of %d rules on (DMA001)\n", RULE_COUNT);
    assert_non_null(strstr(text_string(&scene->text), rules));
}

static void what_was_not_modelled_was_not_checked(void **state)
{
    struct scene *scene = *state;

    scene_emit(scene, (struct observation){.kind = OBS_UNMODELLED});
    assert_non_null(strstr(verdict(scene), "\nnot checked: 1 register or block the firmware used "
                                           "that is not modelled (see the notices)\n"));

    scene_emit(scene, (struct observation){.kind = OBS_UNMODELLED});
    assert_non_null(strstr(verdict(scene), "\nnot checked: 2 registers or blocks the firmware "
                                           "used that are not modelled (see the notices)\n"));
}

static void transfers_that_were_not_followed_are_owned_up_to(void **state)
{
    struct scene *scene = *state;

    for (unsigned i = 0; i < TRANSFER_SLOTS + 2; i++)
        scene_start(scene,
                    trace_add_channel(&scene->trace, (struct dma_channel_name){.block = "SPIM0"}),
                    4);

    assert_non_null(strstr(verdict(scene), "\nnot checked: 2 transfers, more than 24 were open at "
                                           "a time\n"));
}

static void the_catalogue_is_listed(void **state)
{
    struct scene *scene = *state;
    unsigned lines = 0;

    report_rules(&scene->text, &scene->options);

    assert_ptr_equal(strstr(text_string(&scene->text),
                            "DMA001  error    CPU wrote a buffer EasyDMA was reading\n"),
                     text_string(&scene->text));
    for (const char *at = text_string(&scene->text); (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    assert_int_equal(lines, RULE_COUNT);
}

static void a_rule_is_explained_in_full(void **state)
{
    struct scene *scene = *state;

    report_rule(&scene->text, rule_describe(RULE_DMA001), &scene->options);

    assert_golden("rule-dma001", text_string(&scene->text));
}

#define IN_A_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCENE(a_clean_run_says_what_was_looked_at),
        IN_A_SCENE(a_run_with_a_finding_is_never_called_clean),
        IN_A_SCENE(a_run_that_failed_without_a_finding_is_never_called_clean),
        IN_A_SCENE(a_failed_run_with_a_finding_tells_both),
        IN_A_SCENE(rules_that_were_off_are_named),
        IN_A_SCENE(few_rules_are_named_when_they_are_on),
        IN_A_SCENE(what_was_not_modelled_was_not_checked),
        IN_A_SCENE(transfers_that_were_not_followed_are_owned_up_to),
        IN_A_SCENE(the_catalogue_is_listed),
        IN_A_SCENE(a_rule_is_explained_in_full),
    };

    return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
