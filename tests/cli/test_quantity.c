/* SPDX-License-Identifier: Apache-2.0 */
/* cli: quantities as a person types them. */
#include "tests/cmocka.h"

#include "sim/cli/quantity.h"

static void a_time_is_a_number_with_a_unit(void **state)
{
    sim_time time;

    (void)state;
    assert_true(quantity_time("2s", &time));
    assert_int_equal(time, 128000000);
    assert_true(quantity_time("1.5ms", &time));
    assert_int_equal(time, 96000);
    assert_true(quantity_time("100us", &time));
    assert_int_equal(time, 6400);
    assert_true(quantity_time("640cycles", &time));
    assert_int_equal(time, 640);
}

static void anything_else_is_no_time(void **state)
{
    static const char *const wrong[] = {"",     "5",    "s",   "-1s",  "2 s",   "2sec", "0s",  "1e",
                                        "0x2s", "infs", "nan", "+1ms", "2days", "1e9s", "2s ", "."};
    sim_time time;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (quantity_time(wrong[i], &time))
            fail_msg("\"%s\" was taken for a time", wrong[i]);
    }
}

static void a_number_is_decimal_or_hexadecimal(void **state)
{
    static const char *const wrong[] = {"", "-1", "12x", "0x", "99999999999999999999", "0b1", " 1"};
    uint64_t number;

    (void)state;
    assert_true(quantity_number("18446744073709551615", &number));
    assert_true(number == UINT64_MAX);
    assert_true(quantity_number("0x1f", &number));
    assert_int_equal(number, 31);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (quantity_number(wrong[i], &number))
            fail_msg("\"%s\" was taken for a number", wrong[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_is_a_number_with_a_unit),
        cmocka_unit_test(anything_else_is_no_time),
        cmocka_unit_test(a_number_is_decimal_or_hexadecimal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
