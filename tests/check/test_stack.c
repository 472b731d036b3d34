/* SPDX-License-Identifier: Apache-2.0 */
/* BUF003: frames popped under an open window, and the many ways a stack pointer may move rightly.
 * BUF007: a start with a pointer into a frame that is gone. */
#include "tests/check/world.h"

enum {
    MAIN_TOP = RAM_BASE + RAM_SIZE,
    MAIN_FRAME = MAIN_TOP - 0x200, /* MSP of the function that starts the transfer */
    MAIN_BUFFER = MAIN_FRAME + 8,
    THREADS = RAM_BASE + 0x1000, /* one object with the stacks of two threads */
    THREAD_STACK = 0x400,
    THREAD_FRAME = THREADS + 0x100, /* in the lower one */
    THREAD_BUFFER = THREAD_FRAME + 8,
    OTHER_FRAME = THREADS + THREAD_STACK + 0x100,
    VARIABLE = MAIN_TOP - 0x100, /* an object above MSP */
    SIZE = 18,
    POP_PC = 0x6000,
    THREAD_PC = 0x7000,
    HANDLER_PC = 0x8000,
    FRAME = 32,
};

struct stacks {
    struct world *world;
    guest_addr msp;
    guest_addr psp;
    unsigned exception; /* IPSR */
    bool variable;      /* whether VARIABLE is known */
};

static bool object_at(void *owner, guest_addr address, struct byte_range *object)
{
    const struct stacks *stacks = owner;

    *object = (struct byte_range){THREADS, 2 * THREAD_STACK};
    if (range_contains(*object, address))
        return true;
    *object = (struct byte_range){VARIABLE, 64};
    return stacks->variable && range_contains(*object, address);
}

static void capture(void *owner, struct site *site)
{
    const struct stacks *stacks = owner;

    site->pc = stacks->world->trace.state.pc;
    site->msp = stacks->msp;
    site->psp = stacks->psp;
    site->xpsr = stacks->exception;
}

static struct stacks *create(const struct checker_options *more)
{
    static struct stacks stacks;
    struct checker_options options = *more;

    stacks = (struct stacks){.msp = MAIN_FRAME};
    options.object_at = object_at;
    options.object_owner = &stacks;
    stacks.world = world_create(&options);
    stacks.world->trace.capture = capture;
    stacks.world->trace.capture_owner = &stacks;
    return &stacks;
}

static int setup(void **state)
{
    *state = create(&(struct checker_options){.main_stack_top = MAIN_TOP});
    return 0;
}

static int teardown(void **state)
{
    world_destroy(((struct stacks *)*state)->world);
    return 0;
}

/* As the CPU reports it: only while somebody watches. */
static void pointer_moves(struct stacks *stacks, bool psp, guest_addr pc, guest_addr to)
{
    guest_addr *pointer = psp ? &stacks->psp : &stacks->msp;
    struct obs_stack seen = {.pc = pc, .psp = psp, .before = *pointer, .after = to};

    *pointer = to;
    stacks->world->trace.state.pc = pc;
    if (stacks->world->trace.state.stack_watches && seen.before != to)
        trace_emit(&stacks->world->trace, (struct observation){.kind = OBS_STACK, .stack = seen});
}

static void msp_moves(struct stacks *stacks, guest_addr to)
{
    pointer_moves(stacks, false, POP_PC, to);
    passes(stacks->world, 1);
}

static void psp_moves(struct stacks *stacks, guest_addr to)
{
    pointer_moves(stacks, true, POP_PC, to);
    passes(stacks->world, 1);
}

/* An exception interrupts the thread: its registers are pushed before the handler's first
 * instruction. */
static void exception_comes(struct stacks *stacks)
{
    passes(stacks->world, 100);
    stacks->exception = 14;
    trace_emit(&stacks->world->trace,
               (struct observation){.kind = OBS_IRQ_ENTER,
                                    .exception = {.number = 14, .from = 0, .pc = HANDLER_PC}});
    pointer_moves(stacks, true, HANDLER_PC, stacks->psp - FRAME);
    passes(stacks->world, 10);
}

/* It ends; the thread that goes on has its PSP at `psp`. */
static void exception_returns_to(struct stacks *stacks, guest_addr psp)
{
    pointer_moves(stacks, true, HANDLER_PC + 0x20, psp - FRAME); /* MSR PSP, if it is another */
    trace_emit(&stacks->world->trace,
               (struct observation){.kind = OBS_IRQ_EXIT,
                                    .exception = {.number = 14, .from = 0, .pc = THREAD_PC}});
    stacks->exception = 0;
    pointer_moves(stacks, true, THREAD_PC, psp);
    passes(stacks->world, 1);
}

static void switches_to(struct stacks *stacks, guest_addr psp)
{
    exception_comes(stacks);
    exception_returns_to(stacks, psp);
}

static uint32_t starts_on_main_stack(struct stacks *stacks)
{
    return starts(stacks->world, stacks->world->epin0, MAIN_BUFFER, SIZE);
}

static uint32_t starts_on_thread_stack(struct stacks *stacks)
{
    stacks->msp = MAIN_TOP;
    stacks->psp = THREAD_FRAME;
    return starts(stacks->world, stacks->world->epin0, THREAD_BUFFER, SIZE);
}

static void a_return_under_an_open_window_is_reported(void **state)
{
    struct stacks *stacks = *state;

    starts_on_main_stack(stacks);
    msp_moves(stacks, MAIN_FRAME + 0x40);

    const struct finding *finding = only_finding(stacks->world);
    assert_int_equal(finding->rule, RULE_BUF003);
    assert_int_equal(finding->site.pc, POP_PC);
    assert_int_equal(finding->transfer.start.pc, START_PC);
    assert_int_equal(finding->about.start, MAIN_FRAME);
    assert_int_equal(finding->about.size, 0x40);
}

static void a_return_after_the_observed_end_is_silent(void **state)
{
    struct stacks *stacks = *state;
    uint32_t transfer = starts_on_main_stack(stacks);

    ends(stacks->world, transfer);
    observes(stacks->world, transfer);
    msp_moves(stacks, MAIN_FRAME + 0x40);

    assert_silent(stacks->world);
    assert_int_equal(stacks->world->trace.state.stack_watches, 0);
}

static void a_return_between_physical_end_and_observation_is_reported(void **state)
{
    struct stacks *stacks = *state;

    ends(stacks->world, starts_on_main_stack(stacks));
    msp_moves(stacks, MAIN_FRAME + 0x40);

    assert_findings(stacks->world, 1);
}

static void deeper_calls_and_interrupts_are_silent(void **state)
{
    struct stacks *stacks = *state;

    starts_on_main_stack(stacks);
    msp_moves(stacks, MAIN_FRAME - 0x80);
    msp_moves(stacks, MAIN_FRAME);
    msp_moves(stacks, MAIN_BUFFER);

    assert_silent(stacks->world);
}

static void one_byte_of_the_window_below_the_pointer_is_enough(void **state)
{
    struct stacks *stacks = *state;

    starts_on_main_stack(stacks);
    msp_moves(stacks, MAIN_BUFFER + 4);

    assert_findings(stacks->world, 1);
}

static void the_whole_main_stack_may_be_popped(void **state)
{
    struct stacks *stacks = *state;

    starts_on_main_stack(stacks);
    msp_moves(stacks, MAIN_TOP);

    assert_findings(stacks->world, 1);
}

static void a_transfer_is_reported_once_however_often_frames_come_and_go(void **state)
{
    struct stacks *stacks = *state;

    starts_on_main_stack(stacks);
    for (unsigned i = 0; i < 3; i++) {
        msp_moves(stacks, MAIN_FRAME + 0x40);
        msp_moves(stacks, MAIN_FRAME - 0x40);
    }

    assert_int_equal(only_finding(stacks->world)->occurrences, 1);
}

static void a_return_at_the_same_place_later_is_a_repeat(void **state)
{
    struct stacks *stacks = *state;

    for (unsigned i = 0; i < 3; i++) {
        uint32_t transfer;

        stacks->msp = MAIN_FRAME;
        transfer = starts_on_main_stack(stacks);
        msp_moves(stacks, MAIN_FRAME + 0x40);
        ends(stacks->world, transfer);
        observes(stacks->world, transfer);
    }

    assert_int_equal(only_finding(stacks->world)->occurrences, 3);
}

static void a_main_stack_elsewhere_pops_nothing(void **state)
{
    struct stacks *stacks = *state;

    starts_on_main_stack(stacks);
    msp_moves(stacks, MAIN_TOP + 0x100);

    assert_silent(stacks->world);
}

static void a_variable_above_the_stack_pointer_is_no_stack(void **state)
{
    struct stacks *stacks = *state;

    stacks->variable = true;
    starts(stacks->world, stacks->world->epin0, VARIABLE, SIZE);
    msp_moves(stacks, MAIN_TOP);

    assert_silent(stacks->world);
    assert_int_equal(stacks->world->trace.state.stack_watches, 0);
}

static void a_static_buffer_makes_nobody_watch_the_stacks(void **state)
{
    struct stacks *stacks = *state;

    starts(stacks->world, stacks->world->epin0, BUFFER, SIZE);
    assert_int_equal(stacks->world->trace.state.stack_watches, 0);

    msp_moves(stacks, MAIN_TOP);
    assert_silent(stacks->world);
}

static void without_the_top_of_the_main_stack_nothing_is_said(void **state)
{
    struct stacks *stacks = create(&(struct checker_options){.main_stack_top = 0});

    (void)state;
    starts_on_main_stack(stacks);
    msp_moves(stacks, MAIN_FRAME + 0x40);

    assert_silent(stacks->world);
    world_destroy(stacks->world);
}

static void a_rule_that_is_off_is_silent(void **state)
{
    struct stacks *stacks = create(
        &(struct checker_options){.main_stack_top = MAIN_TOP, .rules_off = rule_bit(RULE_BUF003)});

    (void)state;
    starts_on_main_stack(stacks);
    assert_int_equal(stacks->world->trace.state.stack_watches, 0);
    msp_moves(stacks, MAIN_FRAME + 0x40);

    assert_silent(stacks->world);
    world_destroy(stacks->world);
}

static void a_handler_that_leaves_the_main_stack_is_reported_when_it_returns(void **state)
{
    struct stacks *stacks = *state;

    stacks->psp = OTHER_FRAME;
    exception_comes(stacks);
    starts_on_main_stack(stacks);
    stacks->msp = MAIN_TOP; /* popped by the returning instruction itself */
    exception_returns_to(stacks, OTHER_FRAME);

    assert_int_equal(only_finding(stacks->world)->about.start, MAIN_BUFFER);
}

static void a_thread_that_returns_under_an_open_window_is_reported(void **state)
{
    struct stacks *stacks = *state;

    starts_on_thread_stack(stacks);
    psp_moves(stacks, THREAD_FRAME + 0x40);

    assert_int_equal(only_finding(stacks->world)->rule, RULE_BUF003);
}

static void a_thread_that_waits_first_is_silent(void **state)
{
    struct stacks *stacks = *state;
    uint32_t transfer = starts_on_thread_stack(stacks);

    ends(stacks->world, transfer);
    observes(stacks->world, transfer);
    psp_moves(stacks, THREAD_FRAME + 0x40);

    assert_silent(stacks->world);
}

static void the_main_stack_does_not_pop_frames_of_threads(void **state)
{
    struct stacks *stacks = *state;

    starts_on_thread_stack(stacks);
    msp_moves(stacks, MAIN_FRAME);
    msp_moves(stacks, MAIN_TOP);

    assert_silent(stacks->world);
}

static void a_process_stack_does_not_pop_frames_of_the_main_stack(void **state)
{
    struct stacks *stacks = *state;

    starts_on_main_stack(stacks);
    psp_moves(stacks, MAIN_FRAME + 0x40);

    assert_silent(stacks->world);
}

static void a_switch_to_a_thread_whose_stack_is_elsewhere_pops_nothing(void **state)
{
    struct stacks *stacks = *state;

    starts_on_thread_stack(stacks);
    switches_to(stacks, MAIN_TOP - 0x80);
    psp_moves(stacks, MAIN_TOP - 0x40);
    switches_to(stacks, THREAD_FRAME);

    assert_silent(stacks->world);
}

static void a_switch_to_a_thread_in_the_same_object_pops_nothing(void **state)
{
    struct stacks *stacks = *state;

    starts_on_thread_stack(stacks);
    switches_to(stacks, OTHER_FRAME);
    psp_moves(stacks, OTHER_FRAME + 0x40);   /* the other thread returns from something */
    switches_to(stacks, OTHER_FRAME - 0x80); /* an interrupt within it, or a third one */
    switches_to(stacks, THREAD_FRAME);

    assert_silent(stacks->world);
}

static void a_return_after_the_thread_came_back_is_reported(void **state)
{
    struct stacks *stacks = *state;

    starts_on_thread_stack(stacks);
    switches_to(stacks, OTHER_FRAME);
    psp_moves(stacks, OTHER_FRAME + 0x40);
    switches_to(stacks, THREAD_FRAME);
    assert_silent(stacks->world);
    psp_moves(stacks, THREAD_FRAME + 0x40);

    assert_findings(stacks->world, 1);
}

static void an_interrupt_in_between_hides_no_pop(void **state)
{
    struct stacks *stacks = *state;

    starts_on_thread_stack(stacks);
    switches_to(stacks, THREAD_FRAME);
    psp_moves(stacks, THREAD_FRAME + 0x40);

    assert_findings(stacks->world, 1);
}

static void an_interrupt_right_behind_the_pop_hides_nothing(void **state)
{
    struct stacks *stacks = *state;

    starts_on_thread_stack(stacks);
    stacks->psp = THREAD_FRAME + 0x40; /* nobody has seen it yet */
    exception_comes(stacks);
    exception_returns_to(stacks, THREAD_FRAME + 0x40);

    assert_int_equal(only_finding(stacks->world)->site.pc, THREAD_PC);
}

static void two_windows_on_stacks_are_told_apart(void **state)
{
    struct stacks *stacks = *state;
    struct world *world = stacks->world;
    uint32_t low = starts(world, world->epin0, MAIN_BUFFER, SIZE);

    starts(world, world->epin1, MAIN_BUFFER + 0x100, SIZE);
    observes(world, low);
    msp_moves(stacks, MAIN_FRAME + 0x40);
    assert_silent(world);
    msp_moves(stacks, MAIN_FRAME + 0x180);

    assert_int_equal(only_finding(world)->transfer.window.start, MAIN_BUFFER + 0x100);
    assert_int_equal(world->trace.state.stack_watches, 0);
}

static void a_system_reset_ends_the_watch(void **state)
{
    struct stacks *stacks = *state;

    starts_on_main_stack(stacks);
    system_resets(stacks->world);
    assert_int_equal(stacks->world->trace.state.stack_watches, 0);
    msp_moves(stacks, MAIN_TOP);

    assert_silent(stacks->world);
}

/* ---- Started when it was gone (BUF007) ------------------------------------------------------- */

static void sends_and_returns(struct stacks *stacks)
{
    uint32_t transfer = starts(stacks->world, stacks->world->epin0, MAIN_BUFFER, SIZE);

    ends(stacks->world, transfer);
    observes(stacks->world, transfer);
    msp_moves(stacks, MAIN_FRAME + FRAME);
    assert_silent(stacks->world);
}

static void a_start_with_the_pointer_into_a_popped_frame_is_told(void **state)
{
    struct stacks *stacks = *state;

    sends_and_returns(stacks);
    starts_with_kept_ptr(stacks->world, MAIN_BUFFER, SIZE);

    assert_int_equal(only_finding(stacks->world)->rule, RULE_BUF007);
    assert_int_equal(only_finding(stacks->world)->about.start, MAIN_BUFFER);
    assert_int_equal(only_finding(stacks->world)->about.size, MAIN_FRAME + FRAME - MAIN_BUFFER);
}

static void a_start_with_the_pointer_into_a_popped_frame_of_a_thread_is_told(void **state)
{
    struct stacks *stacks = *state;
    uint32_t transfer;

    stacks->psp = THREAD_FRAME;
    transfer = starts(stacks->world, stacks->world->epin0, THREAD_BUFFER, SIZE);
    ends(stacks->world, transfer);
    observes(stacks->world, transfer);
    psp_moves(stacks, THREAD_FRAME + FRAME);
    starts_with_kept_ptr(stacks->world, THREAD_BUFFER, SIZE);

    assert_int_equal(only_finding(stacks->world)->rule, RULE_BUF007);
}

static void a_start_again_in_the_same_frame_is_not_told(void **state)
{
    struct stacks *stacks = *state;
    uint32_t transfer = starts(stacks->world, stacks->world->epin0, MAIN_BUFFER, SIZE);

    ends(stacks->world, transfer);
    observes(stacks->world, transfer);
    starts_with_kept_ptr(stacks->world, MAIN_BUFFER, SIZE);

    assert_silent(stacks->world);
}

/* Some other frame may be there by now, with a buffer at the same place. */
static void a_start_with_a_pointer_that_was_written_is_not_told(void **state)
{
    struct stacks *stacks = *state;

    sends_and_returns(stacks);
    msp_moves(stacks, MAIN_FRAME - FRAME);
    (void)starts(stacks->world, stacks->world->epin0, MAIN_BUFFER, SIZE);

    assert_silent(stacks->world);
}

#define ON_STACKS(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STACKS(a_return_under_an_open_window_is_reported),
        ON_STACKS(a_return_after_the_observed_end_is_silent),
        ON_STACKS(a_return_between_physical_end_and_observation_is_reported),
        ON_STACKS(deeper_calls_and_interrupts_are_silent),
        ON_STACKS(one_byte_of_the_window_below_the_pointer_is_enough),
        ON_STACKS(the_whole_main_stack_may_be_popped),
        ON_STACKS(a_transfer_is_reported_once_however_often_frames_come_and_go),
        ON_STACKS(a_return_at_the_same_place_later_is_a_repeat),
        ON_STACKS(a_main_stack_elsewhere_pops_nothing),
        ON_STACKS(a_variable_above_the_stack_pointer_is_no_stack),
        ON_STACKS(a_static_buffer_makes_nobody_watch_the_stacks),
        cmocka_unit_test(without_the_top_of_the_main_stack_nothing_is_said),
        cmocka_unit_test(a_rule_that_is_off_is_silent),
        ON_STACKS(a_handler_that_leaves_the_main_stack_is_reported_when_it_returns),
        ON_STACKS(a_thread_that_returns_under_an_open_window_is_reported),
        ON_STACKS(a_thread_that_waits_first_is_silent),
        ON_STACKS(the_main_stack_does_not_pop_frames_of_threads),
        ON_STACKS(a_process_stack_does_not_pop_frames_of_the_main_stack),
        ON_STACKS(a_switch_to_a_thread_whose_stack_is_elsewhere_pops_nothing),
        ON_STACKS(a_switch_to_a_thread_in_the_same_object_pops_nothing),
        ON_STACKS(a_return_after_the_thread_came_back_is_reported),
        ON_STACKS(an_interrupt_in_between_hides_no_pop),
        ON_STACKS(an_interrupt_right_behind_the_pop_hides_nothing),
        ON_STACKS(two_windows_on_stacks_are_told_apart),
        ON_STACKS(a_system_reset_ends_the_watch),
        ON_STACKS(a_start_with_the_pointer_into_a_popped_frame_is_told),
        ON_STACKS(a_start_with_the_pointer_into_a_popped_frame_of_a_thread_is_told),
        ON_STACKS(a_start_again_in_the_same_frame_is_not_told),
        ON_STACKS(a_start_with_a_pointer_that_was_written_is_not_told),
    };

    return cmocka_run_group_tests_name("stack", tests, NULL, NULL);
}
