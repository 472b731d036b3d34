/* SPDX-License-Identifier: Apache-2.0 */
/* The promises of ep0in_start and ep0in_end (driver/ep0in.h), in every build. */
#include "driver/status.h"
#include "tests/cmocka.h"
#include "tests/driver/bench.h"

#include <string.h>

enum { FLASH = 1, STACK = 2, OVERWRITTEN = 3 }; /* firmware/ep0in-promises.c */

static void receives_one_to_64(const char *build, uint8_t request, enum choice_policy dma)
{
    uint8_t data[64] = {0};
    size_t size;
    struct bench bench;

    bench_open_reset(&bench, build, "ep0in-promises", dma);
    bench_expect(&bench, bench_read(&bench, request, 0, 64, data, &size) == CONTROL_DONE,
                 "the request is answered");
    bench_expect(&bench, size == sizeof data, "64 bytes arrive");
    for (unsigned i = 0; i < sizeof data; i++)
        bench_expect(&bench, data[i] == i + 1, "every byte is the original");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void receives_the_original(uint8_t request)
{
    char build[BUILD_NAME_MAX];

    for (unsigned i = 0; bench_build(i, build); i++) {
        receives_one_to_64(build, request, CHOICE_EAGER);
        receives_one_to_64(build, request, CHOICE_LAZY);
    }
}

static void bytes_in_flash_arrive(void **state)
{
    (void)state;
    receives_the_original(FLASH);
}

static void bytes_on_a_stack_frame_that_is_gone_arrive(void **state)
{
    (void)state;
    receives_the_original(STACK);
}

static void bytes_overwritten_right_after_the_start_arrive(void **state)
{
    (void)state;
    receives_the_original(OVERWRITTEN);
}

/* firmware/ep0in-refusals.c */
enum {
    REPORT = 0,
    SECOND_START = 1,
    TOO_LONG = 2,
    EARLY_END = 3,
    END_OF_NOTHING = 4,
    STALL_AFTER_START = 5,
    ACCEPT_AFTER_START = 6,
    OUT_AFTER_START = 7,
    END_BEFORE_HOST = 8,
    END_BEFORE_ENGINE = 9,
};

/* The misuse is refused with `status`, and the host receives what it would have without it. */
static void is_refused_in(const char *build, uint8_t misuse, enum usbd_status status)
{
    static const uint8_t right[4] = {0x11, 0x22, 0x33, 0x44};
    uint8_t data[64];
    uint8_t report = 0xff;
    size_t size;
    struct bench bench;

    bench_open_reset(&bench, build, "ep0in-refusals", CHOICE_REALISTIC);
    bench_slow_host(&bench);
    bench_expect(&bench, bench_read(&bench, misuse, 0, sizeof data, data, &size) == CONTROL_DONE,
                 "the request is answered");
    bench_expect(&bench, size == sizeof right && memcmp(data, right, size) == 0,
                 "with the right bytes");
    bench_expect(&bench, bench_read(&bench, REPORT, 0, 1, &report, &size) == CONTROL_DONE,
                 "the next request is answered");
    bench_expect(&bench, report == status, "the misuse was refused with the right status");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void is_refused(uint8_t misuse, enum usbd_status status)
{
    char build[BUILD_NAME_MAX];

    for (unsigned i = 0; bench_build(i, build); i++)
        is_refused_in(build, misuse, status);
}

static void a_second_start_is_refused(void **state)
{
    (void)state;
    is_refused(SECOND_START, USBD_BUSY);
}

static void sixty_five_bytes_are_refused(void **state)
{
    (void)state;
    is_refused(TOO_LONG, USBD_TOO_LONG);
}

static void an_early_end_is_refused(void **state)
{
    (void)state;
    is_refused(EARLY_END, USBD_NOT_DONE);
    is_refused(END_BEFORE_HOST, USBD_NOT_DONE);
    is_refused(END_BEFORE_ENGINE, USBD_NOT_DONE);
}

static void an_end_without_a_start_is_refused(void **state)
{
    (void)state;
    is_refused(END_OF_NOTHING, USBD_IDLE);
}

static void a_stall_after_a_start_is_refused(void **state)
{
    (void)state;
    is_refused(STALL_AFTER_START, USBD_BUSY);
}

static void an_early_status_stage_is_refused(void **state)
{
    (void)state;
    is_refused(ACCEPT_AFTER_START, USBD_BUSY);
}

static void an_out_packet_during_an_in_packet_is_refused(void **state)
{
    (void)state;
    is_refused(OUT_AFTER_START, USBD_BUSY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_in_flash_arrive),
        cmocka_unit_test(bytes_on_a_stack_frame_that_is_gone_arrive),
        cmocka_unit_test(bytes_overwritten_right_after_the_start_arrive),
        cmocka_unit_test(a_second_start_is_refused),
        cmocka_unit_test(sixty_five_bytes_are_refused),
        cmocka_unit_test(an_early_end_is_refused),
        cmocka_unit_test(an_end_without_a_start_is_refused),
        cmocka_unit_test(a_stall_after_a_start_is_refused),
        cmocka_unit_test(an_early_status_stage_is_refused),
        cmocka_unit_test(an_out_packet_during_an_in_packet_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
