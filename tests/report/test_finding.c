/* SPDX-License-Identifier: Apache-2.0 */
/* Reports of findings, to the last character. */
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

static void without_symbols_addresses_tell_the_story(void **state)
{
    struct scene *scene = *state;

    scene_memcpy_after_start(scene);

    assert_golden("finding-without-symbols", report(scene));
}

static void with_symbols_both_sides_are_quoted(void **state)
{
    struct scene *scene = *state;

    scene->options.image = fake_image();
    scene->options.replay = "fencepost run --seed=1 build/firmware/usb-3.elf";
    scene_memcpy_after_start(scene);

    assert_golden("finding-with-symbols", report(scene));
}

static void store_from(struct scene *scene, guest_addr pc, guest_addr lr)
{
    scene->options.image = fake_image();
    scene_cpu(scene, FAKE_ANSWER_START, 0, NULL);
    scene_start(scene, scene->epin0, 4);
    scene_cpu(scene, pc, lr, NULL);
    scene_store(scene, 0, 4, 1);
}

static void a_copy_routine_is_never_blamed_for_its_caller(void **state)
{
    struct scene *scene = *state;

    store_from(scene, FAKE_OWN_MEMCPY, FAKE_ANSWER_STORE);

    assert_non_null(
        strstr(report(scene), ", called by answer at tests/report/source/usb-3.c:10\n"));
}

static void a_copy_routine_that_was_inlined_is_looked_through(void **state)
{
    struct scene *scene = *state;

    store_from(scene, FAKE_INLINED_MEMCPY, 0);

    assert_non_null(strstr(report(scene), "\n  answer at tests/report/source/usb-3.c:10\n"));
}

static void a_copy_routine_whose_caller_is_unknown_is_shown_itself(void **state)
{
    struct scene *scene = *state;

    store_from(scene, FAKE_OWN_MEMCPY, 0);

    assert_non_null(strstr(report(scene), "\n  memcpy at memory.c:5\n"));
}

static void repeats_are_counted_in_one_line(void **state)
{
    struct scene *scene = *state;

    for (unsigned i = 0; i < 3; i++)
        scene_memcpy_after_start(scene);

    assert_non_null(strstr(report(scene), "Repeats   in 2 later transfers from the same start\n"));
}

static void a_handler_that_reuses_the_buffer_too_early_is_shown_in_its_context(void **state)
{
    static const uint32_t interrupted[] = {FAKE_MAIN | 1, 0};
    struct scene *scene = *state;
    struct obs_access push = {.pc = FAKE_ANSWER_STORE,
                              .address = FAKE_BUFFER + 3,
                              .size = 1,
                              .exception = 55,
                              .before = 0,
                              .after = 0};

    scene->options.image = fake_image();
    scene_cpu(scene, FAKE_MAIN, 0, NULL);
    scene_start(scene, scene->epin0, 64);
    scene_move(scene, 0, 64);
    scene_cpu(scene, FAKE_ANSWER_STORE, 0, interrupted);
    scene_emit(scene, (struct observation){.kind = OBS_CPU_STORE, .access = push});

    assert_golden("finding-in-a-handler", report(scene));
}

static void the_stacking_of_an_exception_is_called_by_its_name(void **state)
{
    struct scene *scene = *state;
    struct obs_access push = {.pc = FAKE_MAIN,
                              .address = FAKE_BUFFER,
                              .size = 4,
                              .actor = ACTOR_STACKING,
                              .exception = 15,
                              .before = 0,
                              .after = 0xffffffff};

    scene_cpu(scene, FAKE_MAIN, 0, NULL);
    scene_start(scene, scene->epin0, 8);
    scene_emit(scene, (struct observation){.kind = OBS_CPU_STORE, .access = push});

    assert_non_null(strstr(report(scene), "Exception entry pushed registers into the buffer here, "
                                          "in SysTick"));
}

static void the_time_line_tells_how_ownership_ended(void **state)
{
    const struct {
        enum observation_kind kind;
        struct obs_dma_close close;
        const char *words;
    } ends[] = {
        {OBS_DMA_OBSERVED,
         {.transfer = 1, .pc = 4, .event = 0x40027108},
         "the CPU reads USBD.EVENTS_ENDEPIN[0] as set: the buffer is its own again\n"},
        {OBS_DMA_OBSERVED,
         {.transfer = 1, .event = 0x40027100},
         "EasyDMA has stopped and the CPU has read 0x40027100: the buffer is its own again\n"},
        {OBS_DMA_OBSERVED,
         {.transfer = 1},
         "the channel is started again, the end was never observed\n"},
        {OBS_DMA_CLOSE, {.transfer = 1, .how = DMA_DROPPED}, "EasyDMA drops the transfer\n"},
        {OBS_RESET, {.transfer = 1}, "the system is reset\n"},
        {OBS_DMA_CLOSE,
         {.transfer = 1, .how = DMA_ENDED},
         "the run ends before the CPU has observed the end\n"},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct scene *scene = scene_create();

        scene_cpu(scene, FAKE_MAIN, 0, NULL);
        scene_start(scene, scene->epin0, 8);
        scene_store(scene, 0, 4, 1);
        scene_emit(scene, (struct observation){.kind = ends[i].kind, .dma_close = ends[i].close});

        assert_non_null(strstr(report(scene), ends[i].words));
        scene_destroy(scene);
    }
}

static void while_the_run_goes_on_the_end_may_still_be_observed(void **state)
{
    struct scene *scene = *state;

    scene->options.goes_on = true;
    scene_cpu(scene, FAKE_MAIN, 0, NULL);
    scene_start(scene, scene->epin0, 8);
    scene_store(scene, 0, 4, 1);

    assert_non_null(strstr(report(scene), "the CPU has not observed the end yet\n"));
    assert_null(strstr(report(scene), "the run ends"));
}

static void a_long_window_shows_the_rows_that_matter(void **state)
{
    struct scene *scene = *state;

    scene_cpu(scene, FAKE_MAIN, 0, NULL);
    scene_start(scene, scene->txd, 600);
    scene_store(scene, 100, 4, 0x77);
    scene_move(scene, 0, 600);
    scene_end(scene);

    assert_golden("finding-long-window", report(scene));
}

static void colours_come_only_when_asked_for(void **state)
{
    struct scene *scene = *state;
    const char *plain;
    struct text coloured = {0};
    size_t at = 0;

    scene_memcpy_after_start(scene);
    plain = report(scene);
    assert_null(strchr(plain, '\x1b'));
    scene->options.colour = true;
    report_finding(&coloured, checker_finding(scene->checker, 0), &scene->options);
    assert_non_null(strchr(text_string(&coloured), '\x1b'));

    /* Taking the colours out again gives the plain text. */
    for (const char *c = text_string(&coloured); *c; c++) {
        if (*c == '\x1b')
            c += strcspn(c, "m");
        else
            assert_int_equal(*c, plain[at++]);
    }
    assert_int_equal(plain[at], '\0');
    text_free(&coloured);
}

static void no_line_is_longer_than_the_page(void **state)
{
    struct scene *scene = *state;
    const char *line;

    scene->options.image = fake_image();
    scene_memcpy_after_start(scene);
    for (line = report(scene); *line; line += strcspn(line, "\n") + 1)
        assert_in_range(strcspn(line, "\n"), 0, 100);
}

#define IN_A_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCENE(without_symbols_addresses_tell_the_story),
        IN_A_SCENE(with_symbols_both_sides_are_quoted),
        IN_A_SCENE(a_copy_routine_is_never_blamed_for_its_caller),
        IN_A_SCENE(a_copy_routine_that_was_inlined_is_looked_through),
        IN_A_SCENE(a_copy_routine_whose_caller_is_unknown_is_shown_itself),
        IN_A_SCENE(repeats_are_counted_in_one_line),
        IN_A_SCENE(a_handler_that_reuses_the_buffer_too_early_is_shown_in_its_context),
        IN_A_SCENE(the_stacking_of_an_exception_is_called_by_its_name),
        cmocka_unit_test(the_time_line_tells_how_ownership_ended),
        IN_A_SCENE(while_the_run_goes_on_the_end_may_still_be_observed),
        IN_A_SCENE(a_long_window_shows_the_rows_that_matter),
        IN_A_SCENE(colours_come_only_when_asked_for),
        IN_A_SCENE(no_line_is_longer_than_the_page),
    };

    return cmocka_run_group_tests_name("report of findings", tests, NULL, NULL);
}
