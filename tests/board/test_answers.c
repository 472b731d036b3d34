/* SPDX-License-Identifier: Apache-2.0 */
/* What scripted devices answer, and how mistakes in their texts are named. */
#include "sim/board/answers.h"
#include "tests/cmocka.h"

#include <string.h>

static struct answers answers;

static int tear_down(void **state)
{
    (void)state;
    answers_free(&answers);
    return 0;
}

static void read_text(const char *text)
{
    struct failure failure;

    assert_int_equal(answers_parse(&answers, "text", text, strlen(text), &failure), STATUS_OK);
}

static struct dialogue hears(const char *bytes, size_t size)
{
    struct dialogue dialogue = {.count = 0};

    for (size_t i = 0; i < size; i++)
        dialogue_hear(&dialogue, (uint8_t)bytes[i]);
    return dialogue;
}

static void the_first_line_that_fits_counts(void **state)
{
    struct dialogue dialogue;

    (void)state;
    read_text("9f : 01 02\n?? 10 : 03\n9f 10 : 04\ndefault 77\n");
    dialogue = hears("\x9f", 1);
    assert_int_equal(answers_next(&answers, &dialogue), 1);
    assert_int_equal(answers_next(&answers, &dialogue), 2);
    assert_int_equal(answers_next(&answers, &dialogue), 0x77);
    dialogue = hears("\x20\x10", 2);
    assert_int_equal(answers_next(&answers, &dialogue), 3);
    dialogue = hears("\x20", 1);
    assert_int_equal(answers_next(&answers, &dialogue), 0x77);
}

static void alongside_the_answer_keeps_step_with_what_is_heard(void **state)
{
    struct dialogue dialogue;

    (void)state;
    read_text("9f : 01 02\n");
    dialogue = hears("", 0);
    assert_int_equal(answers_alongside(&answers, &dialogue), 0xff);
    dialogue = hears("\x9f", 1);
    assert_int_equal(answers_alongside(&answers, &dialogue), 1);
    dialogue = hears("\x9f\x00", 2);
    assert_int_equal(answers_alongside(&answers, &dialogue), 2);
}

static void an_empty_pattern_answers_to_anything(void **state)
{
    struct dialogue dialogue = {.count = 0};

    (void)state;
    read_text(": aa # a comment\n\n");
    assert_int_equal(answers_next(&answers, &dialogue), 0xaa);
}

static void a_byte_is_refused_behind_its_pattern_only(void **state)
{
    struct dialogue dialogue = hears("\x01", 1);

    (void)state;
    read_text("nack 55\nnack 01 02\n");
    assert_true(answers_refuse(&answers, &dialogue, 2));
    assert_false(answers_refuse(&answers, &dialogue, 0x55));
    dialogue = hears("", 0);
    assert_true(answers_refuse(&answers, &dialogue, 0x55));
}

static void a_pin_can_select_the_device(void **state)
{
    (void)state;
    read_text("select P1.15\n");
    assert_int_equal(answers.select_pin, 47);
}

static void assert_mistake(const char *text, const char *message)
{
    struct failure failure;

    assert_int_equal(answers_parse(&answers, "text", text, strlen(text), &failure), STATUS_BOARD);
    assert_non_null(strstr(failure.message, message));
    answers_free(&answers);
}

static void a_mistake_is_named_with_line_and_column(void **state)
{
    (void)state;
    assert_mistake("9f : 01\n9g : 01\n", "line 2, column 1: neither two hexadecimal digits nor ??");
    assert_mistake("9f : 0\n", "line 1, column 6: not two hexadecimal digits");
    assert_mistake("9f 01\n", "line 1, column 6: ':' is missing");
    assert_mistake("default 1\n", "line 1, column 9: not two hexadecimal digits");
    assert_mistake("default 11 22\n", "line 1, column 12: something is left over");
    assert_mistake("nack \n", "line 1, column 6: which byte?");
    assert_mistake("select 17\n", "line 1, column 8: not a pin such as P0.17");
    assert_mistake("select P1.16\n", "the port has no such pin");
    assert_mistake("0 1 2 3 4 5", "line 1, column 1: neither");
    assert_mistake("00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 : 00\n", "at most 16 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_first_line_that_fits_counts, tear_down),
        cmocka_unit_test_teardown(alongside_the_answer_keeps_step_with_what_is_heard, tear_down),
        cmocka_unit_test_teardown(an_empty_pattern_answers_to_anything, tear_down),
        cmocka_unit_test_teardown(a_byte_is_refused_behind_its_pattern_only, tear_down),
        cmocka_unit_test_teardown(a_pin_can_select_the_device, tear_down),
        cmocka_unit_test_teardown(a_mistake_is_named_with_line_and_column, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
