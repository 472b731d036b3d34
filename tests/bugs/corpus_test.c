/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bugs/corpus_test.h"

#include "sim/base/heap.h"
#include "tests/bugs/cell.h"
#include "tests/cmocka.h"

#include <string.h>

enum { BUILD_NAME_MAX = 32, COMMAND_MAX = 512 };

struct corpus_case {
    char name[BUG_NAME_MAX];
    const char *compiler;
};

static void print_cell(const struct cell *cell, const struct bug *bug, const char *build)
{
    char command[COMMAND_MAX];

    cell_command(cell, bug, build, command, sizeof command);
    print_error("%s in %s: bug %s, twin %s: %s\n  next: %s\n", bug->name, build,
                cell_word(cell->bug), cell->twin == CELL_FIRES ? "silent" : cell_word(cell->twin),
                cell->why, command);
}

static void the_bug_is_reported_and_its_twin_is_not(void **state)
{
    const struct corpus_case *corpus_case = *state;
    char build[BUILD_NAME_MAX];
    unsigned failed = 0;
    bool no_rule = false;
    struct bug bug;
    struct cell cell;

    assert_true(corpus_read(&bug, corpus_case->name));
    for (unsigned i = 0; corpus_word(BUG_BUILDS, i, build, sizeof build); i++) {
        if (strncmp(build, corpus_case->compiler, strlen(corpus_case->compiler)) != 0)
            continue;
        cell_run(&cell, &bug, build, CELL_QUICK);
        if (!cell_good(&cell)) {
            print_cell(&cell, &bug, build);
            failed++;
        }
        no_rule = no_rule || cell.bug == CELL_RULE_ABSENT;
    }
    assert_int_equal(failed, 0);
    if (no_rule) {
        print_message("%s: %s\n", bug.name, cell.why);
        skip();
    }
}

static unsigned count_bugs(void)
{
    char name[BUG_NAME_MAX];
    unsigned count = 0;

    while (corpus_word(BUG_NAMES, count, name, sizeof name))
        count++;
    return count;
}

int corpus_test(const char *compiler)
{
    unsigned bugs = count_bugs();
    struct CMUnitTest *tests = heap_allocate(bugs, sizeof *tests);
    struct corpus_case *cases = heap_allocate(bugs, sizeof *cases);

    for (unsigned i = 0; i < bugs; i++) {
        cases[i].compiler = compiler;
        (void)corpus_word(BUG_NAMES, i, cases[i].name, sizeof cases[i].name);
        tests[i] = (struct CMUnitTest){.name = cases[i].name,
                                       .test_func = the_bug_is_reported_and_its_twin_is_not,
                                       .initial_state = &cases[i]};
    }
    int failed = _cmocka_run_group_tests("tests", tests, bugs, NULL, NULL);
    heap_release(cases);
    heap_release(tests);
    return failed;
}
