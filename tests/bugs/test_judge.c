/* SPDX-License-Identifier: Apache-2.0 */
/* The judge of the corpus notices what is wrong with a cell. */
#include "tests/bugs/cell.h"
#include "tests/cmocka.h"

#include <stdio.h>
#include <string.h>

#define BUG "usb-3-memcpy-after-start"

static void a_good_cell_is_good(void **state)
{
    struct bug bug;
    struct cell cell;

    (void)state;
    assert_true(corpus_read(&bug, BUG));
    cell_run(&cell, &bug, "gcc-O2", CELL_THOROUGH);
    assert_int_equal(cell.bug, CELL_FIRES);
    assert_true(cell_good(&cell));
}

static void a_rule_that_does_not_fire_is_told(void **state)
{
    struct bug bug;
    struct cell cell;

    (void)state;
    assert_true(corpus_read(&bug, BUG));
    (void)snprintf(bug.expectation[0].rule, RULE_NAME_MAX, "BUF001");
    cell_run(&cell, &bug, "gcc-O2", CELL_QUICK);
    assert_int_equal(cell.bug, CELL_MISSED);
    assert_false(cell_good(&cell));
}

static void a_bug_that_is_its_own_twin_is_absent(void **state)
{
    struct bug bug;
    struct cell cell;

    (void)state;
    assert_true(corpus_read(&bug, BUG));
    (void)snprintf(bug.name, sizeof bug.name, "%.*s", (int)sizeof bug.name - 1, bug.twin);
    cell_run(&cell, &bug, "gcc-O2", CELL_QUICK);
    assert_int_equal(cell.bug, CELL_ABSENT);
    assert_non_null(strstr(cell.why, "the code is that of the twin"));
}

static void a_program_that_is_not_there_is_told(void **state)
{
    struct bug bug;
    struct cell cell;

    (void)state;
    assert_true(corpus_read(&bug, BUG));
    (void)snprintf(bug.name, sizeof bug.name, "no-such-program");
    cell_run(&cell, &bug, "gcc-O2", CELL_QUICK);
    assert_int_equal(cell.bug, CELL_BROKEN);
    assert_false(cell_good(&cell));
}

static void a_bug_without_its_mark_is_told(void **state)
{
    struct bug bug;
    struct cell cell;

    (void)state;
    assert_true(corpus_read(&bug, BUG));
    bug.expectation[0].line++;
    cell_run(&cell, &bug, "gcc-O2", CELL_QUICK);
    assert_false(cell_good(&cell));
}

static void a_twin_that_is_reported_is_told(void **state)
{
    struct bug bug;
    struct cell cell;

    (void)state;
    assert_true(corpus_read(&bug, BUG));
    (void)snprintf(bug.twin, sizeof bug.twin, "%s", bug.name);
    cell_run(&cell, &bug, "gcc-O2", CELL_QUICK);
    assert_int_equal(cell.twin, CELL_FALSE_ALARM);
    assert_false(cell_good(&cell));
}

static void a_finding_nobody_marked_is_told(void **state)
{
    struct bug bug;
    struct cell cell;

    (void)state;
    assert_true(corpus_read(&bug, BUG));
    (void)snprintf(bug.expectation[0].rule, RULE_NAME_MAX, "NEVER001");
    cell_run(&cell, &bug, "gcc-O2", CELL_QUICK);
    assert_int_equal(cell.bug, CELL_UNEXPECTED);
    assert_false(cell_good(&cell));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_cell_is_good),
        cmocka_unit_test(a_rule_that_does_not_fire_is_told),
        cmocka_unit_test(a_bug_that_is_its_own_twin_is_absent),
        cmocka_unit_test(a_program_that_is_not_there_is_told),
        cmocka_unit_test(a_bug_without_its_mark_is_told),
        cmocka_unit_test(a_twin_that_is_reported_is_told),
        cmocka_unit_test(a_finding_nobody_marked_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
