/* SPDX-License-Identifier: Apache-2.0 */
/* core: the event queue, choice points and wires. */
#include "tests/cmocka.h"

#include "sim/core/choice.h"
#include "sim/core/schedule.h"
#include "sim/core/time_text.h"
#include "sim/core/wire.h"

struct diary {
    struct scheduler *scheduler;
    unsigned count;
    struct event event[64];
};

static void note(void *owner, const struct event *event)
{
    struct diary *diary = owner;

    assert_true(diary->count < 64);
    diary->event[diary->count++] = *event;
}

static void open_diary(struct diary *diary, struct scheduler *scheduler)
{
    *diary = (struct diary){.scheduler = scheduler};
    *scheduler = (struct scheduler){0};
    scheduler_reset(scheduler);
    for (int id = 0; id < EVENT_ID_COUNT; id++)
        scheduler_handle(scheduler, (enum event_id)id, note, diary);
}

static void events_come_in_order_of_time_then_priority_then_insertion(void **state)
{
    struct scheduler scheduler;
    struct diary diary;

    (void)state;
    open_diary(&diary, &scheduler);
    scheduler_add(&scheduler, EVENT_HOST_SOF, 0, 10, 1);
    scheduler_add(&scheduler, EVENT_DMA_WORD, 0, 10, 2);
    scheduler_add(&scheduler, EVENT_DMA_WORD, 1, 10, 3);
    scheduler_add(&scheduler, EVENT_RUN_DEADLINE, 0, 5, 4);
    assert_int_equal(scheduler_next(&scheduler), 5);

    scheduler_skip_to(&scheduler, 10);
    scheduler_dispatch(&scheduler);

    assert_int_equal(diary.count, 4);
    assert_int_equal(diary.event[0].argument, 4);
    assert_int_equal(diary.event[1].argument, 2);
    assert_int_equal(diary.event[2].argument, 3);
    assert_int_equal(diary.event[3].argument, 1);
}

static void an_event_that_is_not_due_waits(void **state)
{
    struct scheduler scheduler;
    struct diary diary;

    (void)state;
    open_diary(&diary, &scheduler);
    scheduler_add(&scheduler, EVENT_SYSTICK, 0, 100, 0);
    scheduler_skip_to(&scheduler, 99);
    scheduler_dispatch(&scheduler);
    assert_int_equal(diary.count, 0);
    assert_int_equal(scheduler.state.attention, 100);
}

static void a_cancelled_event_never_comes(void **state)
{
    struct scheduler scheduler;
    struct diary diary;

    (void)state;
    open_diary(&diary, &scheduler);
    for (uint16_t i = 0; i < 20; i++)
        scheduler_add(&scheduler, EVENT_DMA_END, i % 4, 20 - i, i);
    assert_true(scheduler_cancel(&scheduler, EVENT_DMA_END, 2));
    assert_false(scheduler_cancel(&scheduler, EVENT_DMA_END, 2));
    assert_int_equal(scheduler_when(&scheduler, EVENT_DMA_END, 2), SIM_TIME_NEVER);

    scheduler_skip_to(&scheduler, 50);
    scheduler_dispatch(&scheduler);

    assert_int_equal(diary.count, 15);
    for (unsigned i = 0; i < diary.count; i++) {
        assert_int_not_equal(diary.event[i].instance, 2);
        if (i)
            assert_true(diary.event[i - 1].when <= diary.event[i].when);
    }
}

static void handle_and_add_another(void *owner, const struct event *event)
{
    struct diary *diary = owner;

    note(owner, event);
    if (event->argument)
        scheduler_add(diary->scheduler, EVENT_HOST_STEP, 0, 0, event->argument - 1);
}

static void an_event_may_schedule_another_for_the_same_instant(void **state)
{
    struct scheduler scheduler;
    struct diary diary;

    (void)state;
    open_diary(&diary, &scheduler);
    scheduler_handle(&scheduler, EVENT_HOST_STEP, handle_and_add_another, &diary);
    scheduler_add(&scheduler, EVENT_HOST_STEP, 0, 0, 3);
    scheduler_dispatch(&scheduler);
    assert_int_equal(diary.count, 4);
    assert_int_equal(scheduler.state.attention, SIM_TIME_NEVER);
}

static void the_empty_queue_leaves_no_traces(void **state)
{
    struct scheduler scheduler;
    struct scheduler fresh;
    struct diary diary;

    (void)state;
    open_diary(&diary, &fresh);
    open_diary(&diary, &scheduler);
    for (int i = 0; i < 50; i++)
        scheduler_add(&scheduler, EVENT_DMA_WORD, 0, (sim_time)(i * 7 % 50), 0);
    (void)scheduler_cancel(&scheduler, EVENT_DMA_WORD, 0);
    assert_memory_equal(scheduler.state.heap, fresh.state.heap, sizeof fresh.state.heap);
}

static void each_policy_answers_its_way(void **state)
{
    struct chooser chooser;
    uint32_t first;

    (void)state;
    chooser_init(&chooser, CHOICE_REALISTIC, 1);
    assert_int_equal(choose(&chooser, CHOICE_DMA_FIRST_WORD, 0), 64);
    chooser_init(&chooser, CHOICE_EAGER, 1);
    assert_int_equal(choose(&chooser, CHOICE_DMA_FIRST_WORD, 0), 0);
    /* The policy of --dma is for EasyDMA alone. */
    assert_int_equal(choose(&chooser, CHOICE_USBD_READY, 0), 256);
    chooser_init(&chooser, CHOICE_LAZY, 1);
    assert_int_equal(choose(&chooser, CHOICE_DMA_FIRST_WORD, 0), 6400);

    chooser_init(&chooser, CHOICE_RANDOM, 99);
    first = choose(&chooser, CHOICE_DMA_FIRST_WORD, 0);
    assert_in_range(first, 0, 6400);
    chooser_init(&chooser, CHOICE_RANDOM, 99);
    assert_int_equal(choose(&chooser, CHOICE_DMA_FIRST_WORD, 0), first);
}

static uint32_t answer_seven(void *owner, struct chooser *chooser, const struct choice *choice)
{
    assert_int_equal(chooser->state.asked, 1);
    *(const char **)owner = choice_name(choice->point);
    return 7;
}

static void an_oracle_overrides_the_policies(void **state)
{
    struct chooser chooser;
    const char *asked = NULL;

    (void)state;
    chooser_init(&chooser, CHOICE_LAZY, 1);
    chooser.oracle = answer_seven;
    chooser.oracle_owner = &asked;
    assert_int_equal(choose(&chooser, CHOICE_DMA_END, 0), 7);
    assert_string_equal(asked, "DMA_END");
    assert_int_equal(chooser.state.asked, 1);
}

struct listener {
    unsigned changes;
    bool level;
};

static void hear(void *owner, enum wire_id wire, bool level)
{
    struct listener *listener = owner;

    (void)wire;
    listener->changes++;
    listener->level = level;
}

static void a_listener_hears_changes_only(void **state)
{
    struct wires wires = {0};
    struct listener one = {0};
    struct listener two = {0};

    (void)state;
    wire_connect(&wires, WIRE_VBUS, hear, &one);
    wire_connect(&wires, WIRE_VBUS, hear, &two);
    wire_set(&wires, WIRE_VBUS, false);
    wire_set(&wires, WIRE_VBUS, true);
    wire_set(&wires, WIRE_VBUS, true);
    wire_set(&wires, WIRE_HFXO, true);
    assert_int_equal(one.changes, 1);
    assert_int_equal(two.changes, 1);
    assert_true(one.level && wire_get(&wires, WIRE_VBUS));
    wires_reset(&wires);
    assert_false(wire_get(&wires, WIRE_VBUS));
    assert_int_equal(one.changes, 1);
}

static void an_event_that_is_hurried_comes_at_once_and_alone(void **state)
{
    struct scheduler scheduler;
    struct diary diary;

    (void)state;
    open_diary(&diary, &scheduler);
    scheduler_add(&scheduler, EVENT_DMA_WORD, 1, 30, 0);
    scheduler_add(&scheduler, EVENT_DMA_WORD, 2, 10, 0);
    scheduler_add(&scheduler, EVENT_DMA_WORD, 1, 20, 7);

    assert_true(scheduler_hurry(&scheduler, EVENT_DMA_WORD, 1));
    assert_int_equal(diary.count, 1);
    assert_int_equal(diary.event[0].argument, 7); /* the first of the two */
    assert_int_equal(scheduler.state.now, 0);
    assert_false(scheduler_hurry(&scheduler, EVENT_DMA_END, 1));
    scheduler_skip_to(&scheduler, 50);
    scheduler_dispatch(&scheduler);
    assert_int_equal(diary.count, 3);
}

static void a_time_in_microseconds_has_six_digits(void **state)
{
    struct text text = {0};

    (void)state;
    time_print_us(&text, 3 * CYCLES_PER_US + 1);
    time_print_us(&text, CYCLES_PER_US - 1);
    assert_string_equal(text_string(&text), "3.0156250.984375");
    text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_come_in_order_of_time_then_priority_then_insertion),
        cmocka_unit_test(an_event_that_is_not_due_waits),
        cmocka_unit_test(a_cancelled_event_never_comes),
        cmocka_unit_test(an_event_that_is_hurried_comes_at_once_and_alone),
        cmocka_unit_test(an_event_may_schedule_another_for_the_same_instant),
        cmocka_unit_test(the_empty_queue_leaves_no_traces),
        cmocka_unit_test(each_policy_answers_its_way),
        cmocka_unit_test(an_oracle_overrides_the_policies),
        cmocka_unit_test(a_listener_hears_changes_only),
        cmocka_unit_test(a_time_in_microseconds_has_six_digits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
