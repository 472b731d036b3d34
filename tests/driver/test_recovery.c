/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever endpoint 0 is doing when the host resets the bus or sends the next SETUP: afterwards it
 * works again, and no byte of the old transfer gets into the new one (driver/usbd.h).
 */
#include "tests/cmocka.h"
#include "tests/driver/bench.h"

enum { WRITE = 1, PATTERN = 3, ABORTS = 4 }; /* firmware/control-echo.c */

/* A transfer of 200 bytes takes some 400 us with the slowest EasyDMA more than that: the steps
 * cover every stage of it. */
static const sim_time step = 17 * CYCLES_PER_US;
enum { STEPS = 60 };

static void expect_all_well(struct bench *bench)
{
    uint8_t data[200] = {0};
    size_t size = 0;

    bench_expect(bench, bench_read(bench, PATTERN, 200, 200, data, &size) == CONTROL_DONE,
                 "the next transfer ends well");
    bench_expect(bench, size == sizeof data, "with all its bytes");
    for (unsigned i = 0; i < sizeof data; i++)
        bench_expect(bench, data[i] == (uint8_t)(i + 1), "every byte is right");
}

static unsigned aborts(struct bench *bench)
{
    uint8_t count = 0;

    bench_expect(bench, bench_read(bench, ABORTS, 0, 1, &count, NULL) == CONTROL_DONE,
                 "the count of aborted transfers is told");
    return count;
}

typedef void interruption(struct bench *bench);

/* Cuts a read off after any time from none to all of it. Returns how many were under way. */
static unsigned interrupt_at_all_times(const char *build, enum choice_policy dma,
                                       interruption *interrupt)
{
    struct bench bench;
    unsigned cut = 0;

    bench_open_reset(&bench, build, "control-echo", dma);
    struct snapshot *begin = machine_save(bench.machine);

    for (unsigned i = 1; i <= STEPS; i++) {
        machine_restore(bench.machine, begin);
        bench_begin_read(&bench, PATTERN, 256, 256);
        (void)!machine_run(bench.machine, i * step);
        interrupt(&bench);
        expect_all_well(&bench);
        cut += aborts(&bench);
        bench_expect_clean(&bench);
    }
    snapshot_free(begin);
    bench_close(&bench);
    return cut;
}

static void endpoint_0_survives(interruption *interrupt)
{
    char build[BUILD_NAME_MAX];

    assert_true(interrupt_at_all_times(FIRMWARE_DEFAULT, CHOICE_REALISTIC, interrupt) > STEPS / 4);
    assert_true(interrupt_at_all_times(FIRMWARE_DEFAULT, CHOICE_EAGER, interrupt) > STEPS / 4);
    for (unsigned i = 0; bench_build(i, build); i++)
        assert_true(interrupt_at_all_times(build, CHOICE_LAZY, interrupt) > STEPS / 4);
}

static void a_bus_reset_in_mid_transfer_is_survived(void **state)
{
    (void)state;
    endpoint_0_survives(bench_reset);
}

static void abandon(struct bench *bench)
{
    host_abandon(machine_host(bench->machine));
}

static void a_new_setup_in_mid_transfer_is_survived(void **state)
{
    (void)state;
    endpoint_0_survives(abandon);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bus_reset_in_mid_transfer_is_survived),
        cmocka_unit_test(a_new_setup_in_mid_transfer_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
