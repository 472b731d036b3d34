/* SPDX-License-Identifier: Apache-2.0 */
/* Reports of every kind of finding, to the last character. */
#include "tests/report/scene.h"

#include "tests/report/fake_image.h"
#include "tests/report/golden.h"

#include <string.h>

static const char *report(struct scene *scene)
{
    assert_int_equal(checker_finding_count(scene->checker), 1);
    report_finding(&scene->text, checker_finding(scene->checker, 0), &scene->options);
    return text_string(&scene->text);
}

/* The CPU is in `answer`: at the start, and in the line behind it. */
static void at_start(struct scene *scene)
{
    scene->options.image = fake_image();
    scene_cpu(scene, FAKE_ANSWER_START, FAKE_MAIN, NULL);
}

static void behind_start(struct scene *scene)
{
    scene_cpu(scene, FAKE_ANSWER_STORE, FAKE_MAIN, NULL);
}

static void a_load_before_the_end_shows_what_could_have_been_read(void **state)
{
    struct scene *scene = *state;

    at_start(scene);
    memset(scene->buffer, 0xee, 8);
    scene_start(scene, scene->epout1, 18);
    scene_move(scene, 0, 4);
    behind_start(scene);
    scene_load(scene, 0, 4);
    scene_load(scene, 4, 4);
    scene_move(scene, 4, 14);
    scene_end(scene);
    scene_observe(scene);

    assert_golden("kind-read-too-early", report(scene));
}

static void a_store_under_an_out_transfer_shows_what_the_buffer_could_hold(void **state)
{
    struct scene *scene = *state;

    at_start(scene);
    scene_start(scene, scene->epout1, 18);
    scene_move(scene, 0, 8);
    behind_start(scene);
    scene_store(scene, 4, 4, 0x11);
    scene_store(scene, 8, 4, 0x15);
    scene_move(scene, 8, 10);
    scene_end(scene);
    scene_observe(scene);

    assert_golden("kind-overwritten", report(scene));
}

static void an_overlap_shows_both_starts(void **state)
{
    struct scene *scene = *state;

    at_start(scene);
    scene_start(scene, scene->epout1, 18);
    behind_start(scene);
    scene_start(scene, scene->epin0, 8);

    assert_golden("kind-overlap", report(scene));
}

static void store_before_start(struct scene *scene)
{
    scene->options.image = fake_image();
    scene_cpu(scene, FAKE_ANSWER_STORE, FAKE_MAIN, NULL);
    trace_note_store(&scene->trace, FAKE_BUFFER + 16, 2);
}

static void a_missing_release_says_who_keeps_the_order(void **state)
{
    struct scene *scene = *state;

    store_before_start(scene);
    at_start(scene);
    scene_start(scene, scene->epin0, 18);

    assert_golden("kind-no-release", report(scene));
}

static void a_recorded_compiler_barrier_changes_the_answer_for_the_compiler(void **state)
{
    struct scene *scene = *state;

    store_before_start(scene);
    trace_note_barrier(&scene->trace, BARRIER_COMPILER);
    at_start(scene);
    scene_start(scene, scene->epin0, 18);

    assert_non_null(strstr(report(scene), "    the compiler      has to keep it in every build"));
}

static void a_missing_acquire_shows_the_access_and_the_load_before(void **state)
{
    struct scene *scene = *state;

    at_start(scene);
    scene_start(scene, scene->epout1, 18);
    scene_move(scene, 0, 18);
    scene_end(scene);
    scene_observe(scene);
    behind_start(scene);
    scene_load(scene, 0, 4);

    assert_golden("kind-no-acquire", report(scene));
}

static void misuse(struct scene *scene, enum misuse kind, uint32_t transfer,
                   enum dma_trigger trigger)
{
    scene_emit(scene, (struct observation){.kind = OBS_MISUSE,
                                           .misuse = {.misuse = kind,
                                                      .pc = scene->cpu.pc,
                                                      .address = 0x40027004,
                                                      .value = 1,
                                                      .transfer = transfer,
                                                      .trigger = trigger}});
}

static void a_misuse_names_register_value_and_transfer(void **state)
{
    struct scene *scene = *state;

    at_start(scene);
    scene_start(scene, scene->epin0, 18);
    behind_start(scene);
    scene->now += 100;
    misuse(scene, MISUSE_DMA_BUSY, 1, DMA_BY_CPU);
    misuse(scene, MISUSE_DMA_BUSY, 1, DMA_BY_CPU);

    assert_golden("kind-misuse", report(scene));
}

static void a_misuse_without_transfer_tells_no_more_than_that(void **state)
{
    struct scene *scene = *state;

    at_start(scene);
    misuse(scene, MISUSE_NOT_READY, 0, DMA_BY_CPU);

    assert_golden("kind-misuse-without-transfer", report(scene));
}

static void a_misuse_about_an_old_transfer_gives_its_number(void **state)
{
    struct scene *scene = *state;

    at_start(scene);
    misuse(scene, MISUSE_IN_OVERWRITTEN, 7, DMA_BY_CPU);

    assert_non_null(strstr(report(scene), "(transfer number 7, which is over)"));
}

static void what_a_shortcut_did_is_not_blamed_on_the_cpu(void **state)
{
    struct scene *scene = *state;

    at_start(scene);
    misuse(scene, MISUSE_DMA_BUSY, 0, DMA_BY_SHORTCUT);

    assert_non_null(
        strstr(report(scene), "\nA shortcut did it; the CPU was here, in thread mode, at "));
}

/* What is wrong with the start itself is told once. */
static void the_fault_of_a_start_has_one_side(void **state)
{
    struct scene *scene = *state;

    at_start(scene);
    scene_start(scene, scene->epout1, 18);
    behind_start(scene);
    misuse(scene, MISUSE_SIZE_MISMATCH, 1, DMA_BY_CPU);

    assert_null(strstr(report(scene), "The CPU did it here"));
    assert_non_null(strstr(text_string(&scene->text), "\nThe transfer had been started here"));
}

static void no_line_is_longer_than_the_page(void **state)
{
    static void (*const tests[])(void **state) = {
        a_load_before_the_end_shows_what_could_have_been_read,
        an_overlap_shows_both_starts,
        a_missing_release_says_who_keeps_the_order,
        a_missing_acquire_shows_the_access_and_the_load_before,
        a_misuse_names_register_value_and_transfer,
    };

    (void)state;
    for (unsigned i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        struct scene *scene = scene_create();
        void *given = scene;

        tests[i](&given);
        for (const char *line = text_string(&scene->text); *line; line += strcspn(line, "\n") + 1)
            assert_in_range(strcspn(line, "\n"), 0, 100);
        scene_destroy(scene);
    }
}

#define IN_A_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCENE(a_load_before_the_end_shows_what_could_have_been_read),
        IN_A_SCENE(a_store_under_an_out_transfer_shows_what_the_buffer_could_hold),
        IN_A_SCENE(an_overlap_shows_both_starts),
        IN_A_SCENE(a_missing_release_says_who_keeps_the_order),
        IN_A_SCENE(a_recorded_compiler_barrier_changes_the_answer_for_the_compiler),
        IN_A_SCENE(a_missing_acquire_shows_the_access_and_the_load_before),
        IN_A_SCENE(a_misuse_names_register_value_and_transfer),
        IN_A_SCENE(a_misuse_without_transfer_tells_no_more_than_that),
        IN_A_SCENE(a_misuse_about_an_old_transfer_gives_its_number),
        IN_A_SCENE(what_a_shortcut_did_is_not_blamed_on_the_cpu),
        IN_A_SCENE(the_fault_of_a_start_has_one_side),
        cmocka_unit_test(no_line_is_longer_than_the_page),
    };

    return cmocka_run_group_tests_name("kinds of findings", tests, NULL, NULL);
}
