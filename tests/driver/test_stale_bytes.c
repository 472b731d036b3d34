/* SPDX-License-Identifier: Apache-2.0 */
/* What the host receives of a race (tests/bugs tells whether it is reported). */
#include "tests/cmocka.h"
#include "tests/driver/bench.h"

#include <string.h>

#define BUG "usb-3-memcpy-after-start"

/* Whether the host receives the device descriptor as it stands in flash. */
static bool right_bytes_arrive(const char *build, const char *program, enum choice_policy dma)
{
    static const uint8_t get_device_descriptor[8] = {0x80, 6, 0, 1, 0, 0, 18, 0};
    static const uint8_t right[18] = {18,   1,    0x00, 0x02, 0,    0, 0, 64, 0x20,
                                      0x20, 0x17, 0x07, 0x00, 0x01, 0, 0, 0,  1};
    uint8_t data[18] = {0};
    size_t size = 0;
    struct bench bench;

    bench_open_reset(&bench, build, program, dma);
    bench_expect(&bench,
                 machine_control(bench.machine, get_device_descriptor, data, &size,
                                 CYCLES_PER_SECOND) == CONTROL_DONE,
                 "the request is answered");
    bench_close(&bench);
    return size == sizeof right && memcmp(data, right, size) == 0;
}

static void memcpy_after_start_sends_stale_bytes_when_the_dma_is_fast(void **state)
{
    char build[BUILD_NAME_MAX];

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i++) {
        assert_false(right_bytes_arrive(build, BUG, CHOICE_EAGER));
        assert_true(right_bytes_arrive(build, BUG "-repaired", CHOICE_EAGER));
    }
}

/* Why nobody finds it on a board: slow enough an engine reads the new bytes every time. */
static void memcpy_after_start_goes_unnoticed_when_the_dma_is_slow(void **state)
{
    (void)state;
    assert_true(right_bytes_arrive(FIRMWARE_DEFAULT, BUG, CHOICE_LAZY));
    assert_true(right_bytes_arrive(FIRMWARE_DEFAULT, BUG "-repaired", CHOICE_LAZY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memcpy_after_start_sends_stale_bytes_when_the_dma_is_fast),
        cmocka_unit_test(memcpy_after_start_goes_unnoticed_when_the_dma_is_slow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
