/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/report/style.h"

#include <string.h>

static void times_are_cut_to_their_digits(void **state)
{
    struct text text = {0};

    (void)state;
    print_milliseconds(&text, 0, 3, 0);
    text_printf(&text, " ");
    print_milliseconds(&text, 1, 6, 0);
    text_printf(&text, " ");
    print_milliseconds(&text, CYCLES_PER_MS - 1, 3, 0);
    text_printf(&text, " ");
    print_milliseconds(&text, 102 * CYCLES_PER_MS + 63999, 6, 12);

    assert_string_equal(text_string(&text), "0.000 0.000015 0.999   102.999984");
    text_free(&text);
}

static void exceptions_have_the_names_of_the_architecture(void **state)
{
    struct text text = {0};

    (void)state;
    for (unsigned i = 0; i < 17; i++) {
        print_exception(&text, i);
        text_printf(&text, ",");
    }

    assert_string_equal(text_string(&text),
                        "thread mode,exception 1,NMI,HardFault,MemManage,BusFault,UsageFault,"
                        "exception 7,exception 8,exception 9,exception 10,SVCall,DebugMonitor,"
                        "exception 13,PendSV,SysTick,IRQ 0,");
    text_free(&text);
}

static void words_are_never_broken_and_a_full_line_is_used(void **state)
{
    char words[REPORT_WIDTH + 8];
    struct text text = {0};

    (void)state;
    memset(words, 'a', REPORT_WIDTH - 2);
    memcpy(&words[REPORT_WIDTH - 2], " b c", 5);
    wrap(&text, 0, 2, words);

    assert_memory_equal(text_string(&text) + REPORT_WIDTH - 2, " b\n  c", 7);
    text_free(&text);
}

static void line_ends_in_the_words_are_kept(void **state)
{
    struct text text = {0};

    (void)state;
    wrap(&text, 0, 2, "one\ntwo three\n\n  four\n");

    assert_string_equal(text_string(&text), "one\n  two three\n\n    four");
    text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_cut_to_their_digits),
        cmocka_unit_test(exceptions_have_the_names_of_the_architecture),
        cmocka_unit_test(words_are_never_broken_and_a_full_line_is_used),
        cmocka_unit_test(line_ends_in_the_words_are_kept),
    };

    return cmocka_run_group_tests_name("style", tests, NULL, NULL);
}
