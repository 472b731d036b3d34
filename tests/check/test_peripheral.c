/* SPDX-License-Identifier: Apache-2.0 */
/* The peripheral rules: each misuse becomes a finding of its rule, at the guilty instruction. */
#include "tests/check/world.h"

#include <string.h>

enum { REGISTER = 0x40027004, OTHER_REGISTER = 0x40027510 };

static struct obs_misuse misuse(enum misuse kind)
{
    return (struct obs_misuse){.misuse = kind, .pc = GUILTY_PC, .address = REGISTER, .value = 0x5a};
}

static void a_misuse_is_a_finding_with_its_register_and_value(void **state)
{
    struct world *world = *state;

    misuses(world, misuse(MISUSE_RESERVED_BITS));

    const struct finding *finding = only_finding(world);
    assert_int_equal(finding->rule, RULE_PER005);
    assert_int_equal(finding->kind, FINDING_MISUSE);
    assert_int_equal(finding->site.pc, GUILTY_PC);
    assert_int_equal(finding->misuse.misuse, MISUSE_RESERVED_BITS);
    assert_int_equal(finding->misuse.address, REGISTER);
    assert_int_equal(finding->misuse.value, 0x5a);
    assert_int_equal(finding->transfer.number, 0);
}

static bool is_of_peripherals(enum rule_id rule)
{
    const char *name = rule_describe(rule)->name;

    return !memcmp(name, "PER", 3) || !memcmp(name, "USB", 3);
}

/* Those that other rules find by themselves must not be told twice. */
static bool is_told_elsewhere(enum misuse kind)
{
    return kind == MISUSE_DMA_OUTSIDE_RAM || kind == MISUSE_DMA_TOO_LONG ||
           kind == MISUSE_PACKET_LEFT || kind == MISUSE_CONTROL_LEFT;
}

static void every_other_misuse_becomes_one_finding_of_a_peripheral_rule(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < MISUSE_COUNT; kind++) {
        struct world *world = world_create(NULL);
        bool told = !is_told_elsewhere((enum misuse)kind);

        misuses(world, misuse((enum misuse)kind));
        assert_findings(world, told);
        if (told) {
            enum rule_id rule = (enum rule_id)checker_finding(world->checker, 0)->rule;

            assert_true(is_of_peripherals(rule) ||
                        (rule == RULE_BUF006 && kind == MISUSE_DMA_OVER_HALF));
        }
        world_destroy(world);
    }
}

static void every_peripheral_rule_has_a_misuse_or_a_family_of_its_own(void **state)
{
    bool met[RULE_COUNT] = {[RULE_USB005] = true, [RULE_USB006] = true};
    struct world *world = *state;

    for (unsigned kind = 0; kind < MISUSE_COUNT; kind++) {
        struct obs_misuse seen = misuse((enum misuse)kind);

        seen.address += 4 * kind;
        misuses(world, seen);
    }
    for (unsigned i = 0; i < checker_finding_count(world->checker); i++)
        met[checker_finding(world->checker, i)->rule] = true;
    for (unsigned rule = 0; rule < RULE_COUNT; rule++) {
        if (is_of_peripherals((enum rule_id)rule))
            assert_true(met[rule]);
    }
}

static void what_a_misuse_comes_from_is_blamed_for_it(void **state)
{
    struct world *world = *state;
    struct obs_misuse cause = misuse(MISUSE_NO_HFXO);
    struct obs_misuse harm = misuse(MISUSE_NO_HFXO);

    cause.is_cause = true;
    misuses(world, cause);
    assert_findings(world, 0);
    harm.pc = GUILTY_PC + 0x40;
    misuses(world, harm);

    assert_int_equal(only_finding(world)->site.pc, GUILTY_PC);
}

static void the_same_instruction_and_register_is_a_repeat(void **state)
{
    struct world *world = *state;

    for (unsigned i = 0; i < 3; i++)
        misuses(world, misuse(MISUSE_NOT_READY));

    assert_int_equal(only_finding(world)->occurrences, 3);
}

static void another_instruction_or_register_is_another_bug(void **state)
{
    struct world *world = *state;
    struct obs_misuse elsewhere = misuse(MISUSE_NOT_READY);
    struct obs_misuse other_register = misuse(MISUSE_NOT_READY);

    elsewhere.pc = OTHER_PC;
    other_register.address = OTHER_REGISTER;
    misuses(world, misuse(MISUSE_NOT_READY));
    misuses(world, elsewhere);
    misuses(world, other_register);

    assert_findings(world, 3);
}

static void what_a_shortcut_did_is_one_bug_wherever_the_cpu_was(void **state)
{
    struct world *world = *state;
    struct obs_misuse seen = misuse(MISUSE_DMA_BUSY);

    seen.trigger = DMA_BY_SHORTCUT;
    misuses(world, seen);
    seen.pc = OTHER_PC;
    misuses(world, seen);

    assert_int_equal(only_finding(world)->occurrences, 2);
    assert_int_equal(only_finding(world)->misuse.trigger, DMA_BY_SHORTCUT);
}

static void the_open_transfer_it_is_about_is_told_of(void **state)
{
    struct world *world = *state;
    struct obs_misuse busy = misuse(MISUSE_DMA_BUSY);

    busy.transfer = starts(world, world->epin0, BUFFER, 18);
    misuses(world, busy);

    assert_int_equal(only_finding(world)->transfer.number, busy.transfer);
    assert_int_equal(only_finding(world)->transfer.start.pc, START_PC);
}

static void what_is_noticed_at_the_capture_is_the_fault_of_the_start(void **state)
{
    struct world *world = *state;
    struct obs_misuse mismatch = misuse(MISUSE_SIZE_MISMATCH);

    mismatch.transfer = starts(world, world->epout0, BUFFER, 64);
    misuses(world, mismatch);
    mismatch.transfer = starts(world, world->epout0, BUFFER, 64);
    mismatch.pc = OTHER_PC;
    misuses(world, mismatch);

    assert_int_equal(only_finding(world)->rule, RULE_PER009);
    assert_int_equal(only_finding(world)->site.pc, START_PC);
    assert_int_equal(only_finding(world)->occurrences, 2);
}

static void a_rule_that_is_off_is_silent(void **state)
{
    struct world *world =
        world_create(&(struct checker_options){.rules_off = rule_bit(RULE_PER001)});

    (void)state;
    misuses(world, misuse(MISUSE_DMA_BUSY));
    assert_silent(world);
    misuses(world, misuse(MISUSE_NOT_READY));
    assert_findings(world, 1);
    world_destroy(world);
}

static void more_misuses_than_slots_are_counted_and_survived(void **state)
{
    struct world *world = *state;
    struct obs_misuse seen = misuse(MISUSE_NOT_READY);

    for (unsigned i = 0; i < 70; i++) {
        seen.address += 4;
        misuses(world, seen);
    }

    assert_findings(world, 64);
    assert_int_equal(checker_counted(world->checker)->findings_lost, 6);
}

#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_misuse_is_a_finding_with_its_register_and_value),
        cmocka_unit_test(every_other_misuse_becomes_one_finding_of_a_peripheral_rule),
        IN_A_WORLD(every_peripheral_rule_has_a_misuse_or_a_family_of_its_own),
        IN_A_WORLD(what_a_misuse_comes_from_is_blamed_for_it),
        IN_A_WORLD(the_same_instruction_and_register_is_a_repeat),
        IN_A_WORLD(another_instruction_or_register_is_another_bug),
        IN_A_WORLD(what_a_shortcut_did_is_one_bug_wherever_the_cpu_was),
        IN_A_WORLD(the_open_transfer_it_is_about_is_told_of),
        IN_A_WORLD(what_is_noticed_at_the_capture_is_the_fault_of_the_start),
        cmocka_unit_test(a_rule_that_is_off_is_silent),
        IN_A_WORLD(more_misuses_than_slots_are_counted_and_survived),
    };

    return cmocka_run_group_tests_name("peripheral", tests, NULL, NULL);
}
