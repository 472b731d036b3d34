/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every seeded bug is reported on its line, and its repaired twin is not reported, in a few builds
 * (`make matrix` has them all). One test a bug.
 */
#include "sim/base/heap.h"
#include "tests/bugs/cell.h"
#include "tests/cmocka.h"

#include <stdio.h>
#include <string.h>

enum { BUILD_NAME_MAX = 32, COMMAND_MAX = 512 };

static void fail_cell(const struct cell *cell, const struct bug *bug, const char *build)
{
    char command[COMMAND_MAX];

    cell_command(cell, bug, build, command, sizeof command);
    print_error("%s in %s: bug %s, twin %s: %s\n  next: %s\n", bug->name, build,
                cell_word(cell->bug), cell->twin == CELL_FIRES ? "silent" : cell_word(cell->twin),
                cell->why, command);
}

static void the_bug_is_reported_and_its_twin_is_not(void **state)
{
    const char *name = *state;
    char build[BUILD_NAME_MAX];
    unsigned failed = 0;
    unsigned absent = 0;
    unsigned no_rule = 0;
    struct bug bug;
    struct cell cell;

    assert_true(corpus_read(&bug, name));
    for (unsigned i = 0; corpus_word(BUG_BUILDS, i, build, sizeof build); i++) {
        cell_run(&cell, &bug, build);
        if (!cell_good(&cell)) {
            fail_cell(&cell, &bug, build);
            failed++;
        }
        absent += cell.bug == CELL_ABSENT;
        no_rule += cell.bug == CELL_RULE_ABSENT;
    }
    assert_int_equal(failed, 0);
    if (no_rule)
        print_message("%s: %s\n", name, cell.why);
    if (no_rule)
        skip();
    assert_true(absent < 5); /* it is in some build, or it is no bug */
}

/* ---- The judge itself --------------------------------------------------------------------------
 */

static void a_bug_without_its_mark_is_told(void **state)
{
    struct bug bug;
    struct cell cell;

    (void)state;
    assert_true(corpus_read(&bug, "usb-3-memcpy-after-start"));
    bug.expectation[0].line++;
    cell_run(&cell, &bug, "gcc-O2");
    assert_false(cell_good(&cell));
}

static void a_twin_that_is_reported_is_told(void **state)
{
    struct bug bug;
    struct cell cell;

    (void)state;
    assert_true(corpus_read(&bug, "usb-3-memcpy-after-start"));
    (void)snprintf(bug.twin, sizeof bug.twin, "%s", bug.name);
    cell_run(&cell, &bug, "gcc-O2");
    assert_int_equal(cell.twin, CELL_FALSE_ALARM);
    assert_false(cell_good(&cell));
}

static void a_finding_nobody_marked_is_told(void **state)
{
    struct bug bug;
    struct cell cell;

    (void)state;
    assert_true(corpus_read(&bug, "usb-3-memcpy-after-start"));
    (void)snprintf(bug.expectation[0].rule, RULE_NAME_MAX, "NEVER001");
    cell_run(&cell, &bug, "gcc-O2");
    assert_int_equal(cell.bug, CELL_UNEXPECTED);
    assert_false(cell_good(&cell));
}

static unsigned count_bugs(void)
{
    char name[BUG_NAME_MAX];
    unsigned count = 0;

    while (corpus_word(BUG_NAMES, count, name, sizeof name))
        count++;
    return count;
}

/* One test for each bug behind those in `tests`, of which there are `own`. */
static void add_corpus(struct CMUnitTest *tests, unsigned own, char (*names)[BUG_NAME_MAX],
                       unsigned bugs)
{
    for (unsigned i = 0; i < bugs; i++) {
        (void)corpus_word(BUG_NAMES, i, names[i], sizeof names[i]);
        tests[own + i] = (struct CMUnitTest){.name = names[i],
                                             .test_func = the_bug_is_reported_and_its_twin_is_not,
                                             .initial_state = names[i]};
    }
}

int main(void)
{
    const struct CMUnitTest own[] = {
        cmocka_unit_test(a_bug_without_its_mark_is_told),
        cmocka_unit_test(a_twin_that_is_reported_is_told),
        cmocka_unit_test(a_finding_nobody_marked_is_told),
    };
    const unsigned owned = sizeof own / sizeof own[0];
    unsigned bugs = count_bugs();
    struct CMUnitTest *tests = heap_allocate(owned + bugs, sizeof *tests);
    char(*names)[BUG_NAME_MAX] = heap_allocate(bugs, sizeof *names);

    memcpy(tests, own, sizeof own);
    add_corpus(tests, owned, names, bugs);
    int failed = _cmocka_run_group_tests("tests", tests, owned + bugs, NULL, NULL);
    heap_release(names);
    heap_release(tests);
    return failed;
}
