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

static rule_set off_in(const char *text)
{
    char wrong[24];
    rule_set off = 1;

    assert_true(rules_read(&off, text, wrong, sizeof wrong));
    return off;
}

static void rules_are_chosen_by_name_or_by_family(void **state)
{
    const rule_set all = rule_bit(RULE_COUNT) - 1;
    const rule_set dma = rule_bit(RULE_DMA001) | rule_bit(RULE_DMA002) | rule_bit(RULE_DMA003) |
                         rule_bit(RULE_DMA004);

    (void)state;
    assert_int_equal(off_in("all"), 0);
    assert_int_equal(off_in("none"), all);
    assert_int_equal(off_in("DMA001"), all & ~rule_bit(RULE_DMA001));
    assert_int_equal(off_in("dma,FEN001"), all & ~dma & ~rule_bit(RULE_FEN001));
    assert_int_equal(off_in("DMA,-DMA002"), (all & ~dma) | rule_bit(RULE_DMA002));
    assert_int_equal(off_in("-FEN001"), rule_bit(RULE_FEN001));
    assert_int_equal(off_in("-DMA,+DMA001"), dma & ~rule_bit(RULE_DMA001));
}

static void a_word_that_is_no_rule_is_told(void **state)
{
    static const char *const words[] = {"", "DM", "DMA00", "DMA001x", "-", "-none", "DMA,,BUF"};
    char wrong[4];
    rule_set off;

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_false(rules_read(&off, words[i], wrong, sizeof wrong));
    assert_false(rules_read(&off, "DMA,FOOBAR,X", wrong, sizeof wrong));
    assert_string_equal(wrong, "FOO");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(titles_are_what_they_have_always_been),
        cmocka_unit_test(a_rule_is_found_by_its_name_in_either_case),
        cmocka_unit_test(every_rule_is_named_explained_and_repaired),
        cmocka_unit_test(examples_fit_the_page),
        cmocka_unit_test(severities_have_names),
        cmocka_unit_test(rules_are_chosen_by_name_or_by_family),
        cmocka_unit_test(a_word_that_is_no_rule_is_told),
    };

    return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
