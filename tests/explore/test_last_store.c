/* SPDX-License-Identifier: Apache-2.0 */
/* FEN001: the second run knows who called the routine that stored last. */
#include "tests/explore/programs.h"

#include "sim/explore/checked.h"
#include "sim/explore/last_store.h"

struct told {
    struct program program;
    struct machine *machine;
    struct checker *checker;
};

static struct told told;

static void runs(const char *name)
{
    program_open(&told.program, name);
    told.machine = program_build(&told.program.plan);
    told.checker = checked_attach(told.machine, NULL);
    (void)plan_run(&told.program.plan, told.machine);
}

static void searches(void)
{
    struct failure failure;

    assert_int_equal(last_store_search(&told.program.plan, told.checker, &failure), STATUS_OK);
}

static int forget(void **state)
{
    (void)state;
    machine_destroy(told.machine);
    checker_destroy(told.checker);
    return 0;
}

static const struct finding *first_finding(void)
{
    assert_true(checker_finding_count(told.checker) > 0);
    return checker_finding(told.checker, 0);
}

static void the_store_is_told_with_registers_and_its_time(void **state)
{
    const struct finding *finding;

    (void)state;
    runs("ep0-no-release-fence");
    finding = first_finding();
    assert_int_equal(finding->kind, FINDING_RELEASE);
    assert_false(finding->site_known);
    assert_int_equal(finding->site.r[15], 0);
    searches();

    finding = first_finding();
    assert_true(finding->site_known);
    assert_int_equal(finding->site.pc, finding->first.pc);
    assert_int_equal(finding->site.r[15], finding->first.pc);
    assert_true(finding->site.r[13] > 0x20000000);
    assert_true(finding->site.when < finding->transfer.opened);
    assert_true(finding->transfer.opened - finding->site.when < 100);
}

static void findings_of_other_kinds_stay_as_they_are(void **state)
{
    struct site before;

    (void)state;
    runs("usb-3-memcpy-after-start");
    before = first_finding()->site;
    searches();

    assert_memory_equal(&first_finding()->site, &before, sizeof before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_store_is_told_with_registers_and_its_time, forget),
        cmocka_unit_test_teardown(findings_of_other_kinds_stay_as_they_are, forget),
    };

    return cmocka_run_group_tests_name("last store", tests, NULL, NULL);
}
