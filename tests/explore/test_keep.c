/* SPDX-License-Identifier: Apache-2.0 */
/* Kept states come back to the last byte, wherever the machine has been meanwhile. */
#include "tests/explore/programs.h"

#include "sim/explore/checked.h"
#include "sim/explore/keep.h"

enum { ROOT_US = 210395, ROOM = 512 * 1024, STEPS = 12 };

struct bench {
    struct program program;
    struct machine *machine;
    struct checker *checker;
    struct keep *keep;
};

/* In the first transfer, as an exploration looks at it: all of RAM is watched. */
static void begin(struct bench *bench)
{
    program_open(&bench->program, "usb-5-memcpy-after-start");
    bench->machine = program_build(&bench->program.plan);
    bench->checker = checked_attach(bench->machine, NULL);
    machine_power_on(bench->machine);
    trace_watch(machine_trace(bench->machine), (struct byte_range){RAM_BASE, RAM_SIZE},
                WATCH_STORES | WATCH_LOADS);
    (void)machine_run(bench->machine, (sim_time)ROOT_US * CYCLES_PER_MS / 1000);
    bench->keep = keep_create(bench->machine);
}

static void end(struct bench *bench)
{
    keep_destroy(bench->keep);
    checker_destroy(bench->checker);
    machine_destroy(bench->machine);
}

static void wander(struct bench *bench, unsigned step)
{
    (void)machine_run(bench->machine, step * CYCLES_PER_MS / 8);
}

static uint64_t present(struct bench *bench)
{
    cpu_save(machine_cpu(bench->machine));
    return state_hash(machine_state(bench->machine));
}

static void the_root_comes_back(void **state)
{
    struct bench bench;
    uint64_t root;

    (void)state;
    begin(&bench);
    root = present(&bench);

    for (unsigned step = 1; step < STEPS; step++) {
        wander(&bench, step);
        assert_true(present(&bench) != root);
        keep_restore(bench.keep, NULL);
        assert_true(present(&bench) == root);
    }
    end(&bench);
}

static void a_kept_state_comes_back(void **state)
{
    static uint8_t bytes[STEPS][ROOM];
    uint64_t hash[STEPS];
    uint64_t key[STEPS];
    struct bench bench;

    (void)state;
    begin(&bench);
    for (unsigned step = 0; step < STEPS; step++) {
        wander(&bench, step);
        assert_true(keep_save(bench.keep, bytes[step], ROOM) != 0);
        hash[step] = present(&bench);
        key[step] = keep_key(bench.keep);
    }

    for (unsigned from = 0; from < STEPS; from++) {
        unsigned to = (from * 5 + 3) % STEPS;

        keep_restore(bench.keep, bytes[from]);
        wander(&bench, 1);
        keep_restore(bench.keep, bytes[to]);
        assert_true(present(&bench) == hash[to]);
        assert_true(keep_key(bench.keep) == key[to]);
    }
    end(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_root_comes_back),
        cmocka_unit_test(a_kept_state_comes_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
