/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue: names, titles and sentences that other programs and people rely on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/check/rule.h"

#include <ctype.h>
#include <string.h>

/* Titles are matched by CI and suppressions: changing one is a breaking change. */
static void titles_are_what_they_have_always_been(void **state)
{
    (void)state;
    assert_string_equal(rule_describe(RULE_DMA001)->name, "DMA001");
    assert_string_equal(rule_describe(RULE_DMA001)->title,
                        "CPU wrote a buffer EasyDMA was reading");
    assert_int_equal(rule_describe(RULE_DMA001)->severity, SEVERITY_ERROR);
}

static void a_rule_is_found_by_its_name_in_either_case(void **state)
{
    (void)state;
    assert_ptr_equal(rule_named("DMA001"), rule_describe(RULE_DMA001));
    assert_ptr_equal(rule_named("dma001"), rule_describe(RULE_DMA001));
    assert_null(rule_named("DMA0011"));
    assert_null(rule_named(""));
}

static void every_rule_is_named_explained_and_repaired(void **state)
{
    (void)state;
    for (unsigned id = 0; id < RULE_COUNT; id++) {
        const struct rule *rule = rule_describe((enum rule_id)id);

        assert_int_equal(strlen(rule->name), 6);
        assert_true(strlen(rule->title) > 0 && strlen(rule->title) < 80);
        assert_true(isupper((unsigned char)rule->title[0]));
        assert_true(rule->title[strlen(rule->title) - 1] != '.');
        assert_true(strlen(rule->explanation) > 100);
        assert_int_equal(rule->repair[strlen(rule->repair) - 1], '.');
        assert_true(strlen(rule->seen_in) > 0);
        assert_null(strstr(rule->title, "0x"));
        for (unsigned other = 0; other < id; other++)
            assert_string_not_equal(rule->name, rule_describe((enum rule_id)other)->name);
    }
}

static void examples_fit_the_page(void **state)
{
    (void)state;
    for (unsigned id = 0; id < RULE_COUNT; id++) {
        const char *line = rule_describe((enum rule_id)id)->example;

        assert_true(strlen(line) > 0);
        for (; *line; line += strcspn(line, "\n") + (strchr(line, '\n') != NULL))
            assert_in_range(strcspn(line, "\n"), 1, 76);
    }
}

static void severities_have_names(void **state)
{
    (void)state;
    assert_string_equal(severity_name(SEVERITY_ERROR), "error");
    assert_string_equal(severity_name(SEVERITY_WARNING), "warning");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(titles_are_what_they_have_always_been),
        cmocka_unit_test(a_rule_is_found_by_its_name_in_either_case),
        cmocka_unit_test(every_rule_is_named_explained_and_repaired),
        cmocka_unit_test(examples_fit_the_page),
        cmocka_unit_test(severities_have_names),
    };

    return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
