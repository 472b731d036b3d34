/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/detection.h"

#include "sim/explore/checked.h"
#include "sim/explore/uninitialised.h"
#include "tests/bench/measure.h"

#include <stdio.h>

enum { ROUNDS = 11, TIMEOUT_S = 60 };

static const double aim_compute = 1.15;
static const double aim_transfers = 1.5;

struct subject {
    const char *name;
    struct plan plan;
    enum machine_stop end;
    double aim;
    uint64_t transfers; /* of a run */
    uint64_t accesses;
    bool wrong;
};

static bool ended_well(const struct subject *subject, const struct machine *machine,
                       enum machine_stop stop)
{
    return stop == subject->end && (stop != MACHINE_STOP_EXIT || !machine_exit_code(machine));
}

/* CPU time of a run, without loading. */
static double run_once(struct subject *subject, bool with_rules)
{
    struct checker *checker = NULL;
    struct machine *machine;
    struct failure failure;
    enum machine_stop stop;
    double begin;
    double cpu;

    if (plan_build(&subject->plan, &machine, &failure) != STATUS_OK) {
        printf("  WRONG: %s\n", failure.message);
        subject->wrong = true;
        return 0;
    }
    if (with_rules)
        checker = checked_attach(machine, NULL);
    begin = cpu_clock();
    stop = plan_run(&subject->plan, machine);
    cpu = cpu_clock() - begin;
    subject->wrong |= !ended_well(subject, machine, stop);
    if (checker) {
        subject->wrong |= checker_finding_count(checker) != 0;
        subject->transfers = checker_counted(checker)->transfers;
        subject->accesses = checker_counted(checker)->accesses;
    }
    machine_destroy(machine);
    checker_destroy(checker);
    return cpu;
}

static bool measure(struct subject *subject)
{
    double off[ROUNDS];
    double on[ROUNDS];
    double ratio;

    for (unsigned turn = 0; turn < ROUNDS; turn++) {
        off[turn] = run_once(subject, false);
        on[turn] = run_once(subject, true);
    }
    if (subject->wrong) {
        printf("  WRONG: %s\n", subject->name);
        return false;
    }
    ratio = median(on, ROUNDS) / median(off, ROUNDS);
    printf("  %-34s %7.2f x  (%.1f ms without)  aim <= %.2f  %s\n", subject->name, ratio,
           median(off, ROUNDS) * 1e3, subject->aim, ratio <= subject->aim ? "reached" : "MISSED");
    printf("  %-34s %llu transfers, %llu accesses to open windows\n", "",
           (unsigned long long)subject->transfers, (unsigned long long)subject->accesses);
    return true;
}

bool measure_detection(const char *compute, const char *echo, const char *script)
{
    char *images[] = {(char *)(uintptr_t)compute, (char *)(uintptr_t)echo};
    struct subject subjects[] = {
        {.name = "compute code",
         .plan = {.machine = {.host = HOST_MANUAL}, .image_count = 1, .images = &images[0]},
         .end = MACHINE_STOP_EXIT,
         .aim = aim_compute},
        {.name = "nothing but transfers",
         .plan = {.machine = {.host = HOST_SCRIPT, .host_script = script},
                  .image_count = 1,
                  .images = &images[1]},
         .end = MACHINE_STOP_HOST_DONE,
         .aim = aim_transfers},
    };
    bool good = true;

    printf("\nAll %d rules on, against none, same process in turns, CPU time, median of %d\n",
           RULE_COUNT, ROUNDS);
    for (unsigned i = 0; i < 2; i++) {
        subjects[i].plan.timeout = TIMEOUT_S * CYCLES_PER_SECOND;
        good = measure(&subjects[i]) && good;
    }
    return good;
}
