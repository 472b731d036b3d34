/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/glob.h"
#include "tests/cmocka.h"

static void a_pattern_covers_the_whole_text(void **state)
{
    (void)state;
    assert_true(glob_matches("memcpy", "memcpy"));
    assert_false(glob_matches("memcpy", "memcpy2"));
    assert_false(glob_matches("memcpy2", "memcpy"));
    assert_true(glob_matches("", ""));
    assert_false(glob_matches("", "a"));
}

static void a_question_mark_is_one_byte(void **state)
{
    (void)state;
    assert_true(glob_matches("DMA00?", "DMA001"));
    assert_false(glob_matches("DMA00?", "DMA00"));
    assert_false(glob_matches("?", ""));
}

static void a_star_is_any_text(void **state)
{
    (void)state;
    assert_true(glob_matches("*", ""));
    assert_true(glob_matches("**", "a/b"));
    assert_true(glob_matches("third_party/*.c", "third_party/usb/ep.c"));
    assert_true(glob_matches("*ab*abc", "abab_ababc"));
    assert_false(glob_matches("*ab*abc", "abab_ababd"));
    assert_true(glob_matches("a*", "a*"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pattern_covers_the_whole_text),
        cmocka_unit_test(a_question_mark_is_one_byte),
        cmocka_unit_test(a_star_is_any_text),
    };

    return cmocka_run_group_tests_name("glob", tests, NULL, NULL);
}
