/* SPDX-License-Identifier: Apache-2.0 */
/* Whole enumerations of a well-behaved device. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/usb/bench.h"

#include <string.h>

static void linux_enumerates_the_workshop_device(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    assert_int_equal(host_configuration(bench->host), 42);
    bench_destroy(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linux_enumerates_the_workshop_device),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
