/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The exception model, proved by firmware that checks itself (tests/cpu/asm). The same programs
 * run on QEMU, an independent judge: scripts/check-against-qemu.
 */
#include "tests/cmocka.h"
#include "tests/cpu/guest.h"

static void expect_pass(struct harness *harness, const char *name, const char *verdict)
{
    enum cpu_stop stop;

    guest_load(harness, name);
    stop = guest_run(harness);
    if (stop != CPU_STOP_EXIT)
        fail_msg("%s did not end: stop %d at 0x%08x, %s, printed \"%s\"", name, (int)stop,
                 cpu_get(harness->cpu, CPU_PC), cpu_activity(harness->cpu),
                 text_string(&harness->console));
    assert_string_equal(text_string(&harness->console), verdict);
    assert_int_equal(cpu_exit_code(harness->cpu), 0);
}

/* PROGRAM(sentence, program, verdict): the verdict of a program that left nothing out. */
#define PROGRAMS                                                                                   \
    PROGRAM(priorities_decide_who_preempts_whom, "priorities", "priorities")                       \
    PROGRAM(pending_exceptions_follow_without_a_gap, "tail_chaining", "tail chaining")             \
    PROGRAM(frames_are_as_the_manual_draws_them, "stacks", "stacks")                               \
    PROGRAM(senseless_returns_are_refused, "return_integrity", "return integrity")                 \
    PROGRAM(floating_point_state_is_saved_lazily, "floating_point", "floating point")              \
    PROGRAM(it_blocks_survive_exceptions, "it_blocks", "IT blocks")                                \
    PROGRAM(masks_hold_back_what_they_should, "masks", "masks")                                    \
    PROGRAM(system_exceptions_come_when_asked_for, "system_exceptions", "system exceptions")       \
    PROGRAM(pending_and_active_bits_tell_the_truth, "pending", "pending and active")               \
    PROGRAM(faults_that_cannot_be_taken_escalate, "escalation", "escalation")                      \
    PROGRAM(misused_instructions_are_usage_faults, "usage_faults", "usage faults")                 \
    PROGRAM(accesses_to_nowhere_are_bus_faults, "bus_faults", "bus faults")                        \
    PROGRAM(the_mpu_guards_its_regions, "memory_protection", "memory protection")                  \
    PROGRAM(sleep_ends_when_the_manual_says, "sleep", "sleep")                                     \
    PROGRAM(the_vector_table_moves, "vector_table", "vector table")                                \
    PROGRAM(a_reset_undoes_everything_but_ram, "reset", "reset")                                   \
    PROGRAM(an_exception_breaks_an_exclusive_pair, "exclusive", "exclusive access")                \
    PROGRAM(the_cycle_counter_counts, "cycle_counter", "cycle counter")                            \
    PROGRAM(unprivileged_code_is_kept_out, "privilege", "privilege")                               \
    PROGRAM(a_kernel_switches_tasks_with_fp_state, "task_switch", "task switch")

#define PROGRAM(sentence, program, verdict)                                                        \
    static void sentence(void **state)                                                             \
    {                                                                                              \
        expect_pass(*state, program, "PASS " verdict "\n");                                        \
    }
PROGRAMS
#undef PROGRAM

static void a_fault_in_hardfault_locks_up(void **state)
{
    struct harness *harness = *state;

    guest_load(harness, "lockup");
    assert_int_equal(guest_run(harness), CPU_STOP_LOCKUP);
    assert_string_equal(text_string(&harness->console), "");
    assert_int_equal(harness_word(harness, 0x20018000), 0x10c0); /* HardFault itself did run */
}

/* A program that is wrong must be heard: else all the others prove nothing. */
static void a_failed_check_is_reported(void **state)
{
    struct harness *harness = *state;

    guest_load(harness, "failing");
    assert_int_equal(guest_run(harness), CPU_STOP_EXIT);
    assert_int_equal(cpu_exit_code(harness->cpu), 1);
    assert_string_equal(text_string(&harness->console),
                        "FAIL failing: two is three: 00000002 instead of 00000003\n");
}

static uint64_t hash_after_running(struct harness *harness)
{
    (void)guest_run(harness);
    cpu_save(harness->cpu);
    return state_hash(&harness->state);
}

static void two_runs_end_in_the_same_state(void **state)
{
    struct harness *first = *state;
    struct harness *second = harness_create();

    guest_load(first, "it_blocks");
    guest_load(second, "it_blocks");
    assert_int_equal(hash_after_running(first), hash_after_running(second));
    assert_int_equal(first->scheduler.state.now, second->scheduler.state.now);
    harness_destroy(second);
}

/* Takes a snapshot in the middle, ends the run twice from there, and compares. */
static void resume_twice(const char *name, sim_time middle)
{
    struct harness *harness = harness_create();
    struct snapshot *snapshot;
    uint64_t hash;

    guest_load(harness, name);
    if (harness_run(harness, middle) == CPU_STOP_TIME) {
        cpu_save(harness->cpu);
        snapshot = snapshot_take(&harness->state);
        hash = hash_after_running(harness);
        snapshot_restore(snapshot, &harness->state);
        cpu_restore(harness->cpu);
        if (hash_after_running(harness) != hash)
            fail_msg("%s: resumed at %u it ends differently", name, (unsigned)middle);
        snapshot_free(snapshot);
    }
    harness_destroy(harness);
}

static void every_program_can_be_resumed_anywhere(void **state)
{
    static const char *const names[] = {
#define PROGRAM(sentence, program, verdict) program,
        PROGRAMS
#undef PROGRAM
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        for (sim_time middle = 97; middle < 2000; middle += 389)
            resume_twice(names[i], middle);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define PROGRAM(sentence, program, verdict)                                                        \
    cmocka_unit_test_setup_teardown(sentence, harness_setup, harness_teardown),
        PROGRAMS
#undef PROGRAM
            cmocka_unit_test_setup_teardown(a_fault_in_hardfault_locks_up, harness_setup,
                                            harness_teardown),
        cmocka_unit_test_setup_teardown(a_failed_check_is_reported, harness_setup,
                                        harness_teardown),
        cmocka_unit_test_setup_teardown(two_runs_end_in_the_same_state, harness_setup,
                                        harness_teardown),
        cmocka_unit_test(every_program_can_be_resumed_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
