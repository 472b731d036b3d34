/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever endpoint 0 is doing when the host resets the bus or sends the next SETUP: afterwards it
 * works again, and no byte of the old transfer gets into the new one (driver/usbd.h).
 */
#include "tests/cmocka.h"
#include "tests/driver/bench.h"

#include <string.h>

enum { WRITE = 1, READ = 2, PATTERN = 3, ABORTS = 4 }; /* firmware/control-echo.c */

/* Where to cut off a transfer of 256 bytes, which takes about 200 us, with lazy EasyDMA 1 ms. */
struct cuts {
    enum choice_policy dma;
    unsigned count;
    unsigned step; /* microseconds */
};

static const struct cuts realistic = {CHOICE_REALISTIC, 30, 7};
static const struct cuts eager = {CHOICE_EAGER, 30, 7};
static const struct cuts lazy = {CHOICE_LAZY, 30, 34};
static const struct cuts few = {CHOICE_LAZY, 5, 190};

static void expect_write_well(struct bench *bench)
{
    uint8_t sent[100];
    uint8_t back[100] = {0};
    size_t size = 0;

    memset(sent, 0x5a, sizeof sent);
    bench_expect(bench, bench_write(bench, WRITE, sizeof sent, sent) == CONTROL_DONE,
                 "a write ends well");
    bench_expect(bench,
                 bench_read(bench, READ, 0, 256, back, &size) == CONTROL_DONE &&
                     size == sizeof sent && memcmp(sent, back, size) == 0,
                 "and is read back");
}

static void expect_read_well(struct bench *bench)
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

/* Read first in half of the cases. */
static void expect_all_well(struct bench *bench, bool read_first)
{
    if (read_first)
        expect_read_well(bench);
    expect_write_well(bench);
    if (!read_first)
        expect_read_well(bench);
}

typedef void action(struct bench *bench);

static void read_256(struct bench *bench)
{
    bench_begin_read(bench, PATTERN, 256, 256);
}

static void write_256(struct bench *bench)
{
    bench_begin_write(bench, WRITE, 256);
}

static void abandon(struct bench *bench)
{
    host_abandon(machine_host(bench->machine));
}

struct scene {
    action *begin;
    action *interrupt;
};

/*
 * A reset may come between any two instructions of the driver, which then writes a register a
 * moment too late: that is no fault. A race would be.
 */
static void cut_off(struct bench *bench, const struct scene *scene, sim_time when)
{
    scene->begin(bench);
    (void)!machine_run(bench->machine, when);
    scene->interrupt(bench);
    expect_all_well(bench, when / CYCLES_PER_US % 2);
    bench_expect_no_finding(bench);
}

/* The driver noticed in most cases that a transfer was under way. */
static void is_survived_in(const struct scene *scene, const char *build, const struct cuts *cuts)
{
    struct bench bench;
    unsigned noticed = 0;

    bench_open_reset(&bench, build, "control-echo", cuts->dma);
    struct snapshot *before = machine_save(bench.machine);

    for (unsigned i = 1; i <= cuts->count; i++) {
        machine_restore(bench.machine, before);
        cut_off(&bench, scene, (sim_time)i * cuts->step * CYCLES_PER_US);
        noticed += aborts(&bench);
    }
    bench_expect(&bench, noticed > cuts->count / 2, "transfers were cut off");
    snapshot_free(before);
    bench_close(&bench);
}

static void is_survived(action *begin, action *interrupt)
{
    const struct scene scene = {begin, interrupt};
    char build[BUILD_NAME_MAX];

    is_survived_in(&scene, FIRMWARE_DEFAULT, &realistic);
    is_survived_in(&scene, FIRMWARE_DEFAULT, &eager);
    is_survived_in(&scene, FIRMWARE_DEFAULT, &lazy);
    for (unsigned i = 0; bench_build(i, build); i++)
        is_survived_in(&scene, build, &few);
}

static void a_bus_reset_in_the_middle_of_a_read_is_survived(void **state)
{
    (void)state;
    is_survived(read_256, bench_reset);
}

static void a_bus_reset_in_the_middle_of_a_write_is_survived(void **state)
{
    (void)state;
    is_survived(write_256, bench_reset);
}

static void a_new_setup_in_the_middle_of_a_read_is_survived(void **state)
{
    (void)state;
    is_survived(read_256, abandon);
}

static void a_new_setup_in_the_middle_of_a_write_is_survived(void **state)
{
    (void)state;
    is_survived(write_256, abandon);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bus_reset_in_the_middle_of_a_read_is_survived),
        cmocka_unit_test(a_bus_reset_in_the_middle_of_a_write_is_survived),
        cmocka_unit_test(a_new_setup_in_the_middle_of_a_read_is_survived),
        cmocka_unit_test(a_new_setup_in_the_middle_of_a_write_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
