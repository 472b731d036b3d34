/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the simulator costs: one table, with the aims beside the figures.
 *
 *   bench FENCEPOST GUESTS USB_FIRMWARE ECHO_FIRMWARE SERIAL_FIRMWARE LATE_FIRMWARE GROWTH_FIRMWARE
 *
 * FENCEPOST is the program, GUESTS the folder of the benchmark's own guests, USB_FIRMWARE the
 * image whose run to the verdict is timed, ECHO_FIRMWARE one that sends back what comes,
 * SERIAL_FIRMWARE a serial port that does; the last two are explored. Ratios come from one run with
 * the contestants taking turns, and every figure is a median. Fails when a result is wrong, not
 * when an aim is missed.
 */
#include "sim/base/compiler.h"
#include "sim/base/text.h"
#include "sim/soc/machine.h"
#include "tests/bench/bare.h"
#include "tests/bench/blocks.h"
#include "tests/bench/debugger.h"
#include "tests/bench/detection.h"
#include "tests/bench/exploration.h"
#include "tests/bench/guest/compute.h"
#include "tests/bench/measure.h"
#include "tests/bench/throughput.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    COMPUTE_TURNS = 7,
    PART_TURNS = 3,
    USB_TURNS = 20,
    SNAPSHOT_TURNS = 200,
    EXCEPTION_TURNS = 5
};

static const double chip_mips = 64.0;
static const double aim_against_chip = 4.0;
static const double aim_against_bare = 0.65;
static const double aim_usb_ms = 30.0;
static const double aim_snapshot_us = 50.0;

struct bench {
    char *program;
    const char *guests;
    char *usb_firmware;
    bool wrong; /* some result was not what it must be */
};

static void complain(struct bench *bench, const char *what)
{
    printf("  WRONG: %s\n", what);
    bench->wrong = true;
}

static const char *verdict(bool reached)
{
    return reached ? "reached" : "MISSED";
}

static char *guest(const struct bench *bench, const char *name, char *path, size_t room)
{
    (void)snprintf(path, room, "%s/%s", bench->guests, name);
    return path;
}

/* ---- Machines in this process ---------------------------------------------------------------- */

static struct machine *create_machine(const char *path, enum host_profile host)
{
    struct machine_options options = {.dma = CHOICE_REALISTIC, .host = host};
    struct machine *machine;
    struct failure failure;

    if (machine_create(&machine, &options, &failure) != STATUS_OK ||
        machine_load(machine, path, &failure) != STATUS_OK) {
        (void)fprintf(stderr, "bench: %s\n", failure.message);
        exit(2);
    }
    machine_power_on(machine);
    return machine;
}

/* Runs a guest to its end. Returns the CPU time; `instructions` may be NULL. */
static double run_guest(struct bench *bench, const char *name, uint64_t *instructions)
{
    char path[512];
    struct machine *machine = create_machine(guest(bench, name, path, sizeof path), HOST_MANUAL);
    double begin = cpu_clock();
    enum machine_stop stop = machine_run(machine, 60 * CYCLES_PER_SECOND);
    double cpu = cpu_clock() - begin;

    if (stop != MACHINE_STOP_EXIT || machine_exit_code(machine) != 0)
        complain(bench, name);
    if (instructions)
        *instructions = cpu_instructions(machine_cpu(machine));
    machine_destroy(machine);
    return cpu;
}

/* ---- 1. Instructions a second ---------------------------------------------------------------- */

/* One who executes the compute guest. */
struct contestant {
    const char *name;
    char *argv[16]; /* NULL: the bare engine, in this process */
    bool absent;
    double cpu[COMPUTE_TURNS];
};

/* CPU time of the contestant's process with the given guest; checks the result. */
static double process_time(struct bench *bench, struct contestant *contestant, unsigned image_at,
                           const char *name, uint32_t expected)
{
    struct text output = {0};
    struct cost cost = {0};
    char path[512];
    char digits[16];

    contestant->argv[image_at] = guest(bench, name, path, sizeof path);
    (void)snprintf(digits, sizeof digits, "%08x", expected);
    if (!run_child(contestant->argv, &output, &cost))
        contestant->absent = true;
    else if (!strstr(text_string(&output), digits))
        complain(bench, contestant->name);
    text_free(&output);
    return cost.cpu;
}

static double take_turn(struct bench *bench, struct contestant *contestant, uint32_t expected)
{
    unsigned image_at = 0;
    char path[512];
    uint32_t result = 0;
    double cpu = 0;

    if (contestant->argv[0]) {
        while (contestant->argv[image_at])
            image_at++;
        cpu = process_time(bench, contestant, image_at, "compute.elf", expected) -
              process_time(bench, contestant, image_at, "nothing.elf", 0);
        contestant->argv[image_at] = NULL;
        return cpu;
    }
    if (!bare_run(guest(bench, "compute.bin", path, sizeof path), &result, &cpu) ||
        result != expected)
        complain(bench, contestant->name);
    return cpu;
}

static void show_speed(const struct contestant *contestant, double mips, const char *rest)
{
    if (contestant->absent)
        printf("  %-34s not installed, left out\n", contestant->name);
    else
        printf("  %-34s %7.0f MIPS %s\n", contestant->name, mips, rest);
}

static void measure_speed(struct bench *bench)
{
    struct contestant ours = {.name = "fencepost run, all defaults",
                              .argv = {bench->program, "run", NULL}};
    struct contestant bare = {.name = "bare Unicorn, no hook"};
    struct contestant qemu = {.name = "qemu-system-arm mps2-an386",
                              .argv = {"qemu-system-arm", "-M", "mps2-an386", "-semihosting-config",
                                       "enable=on,target=native", "-display", "none", "-monitor",
                                       "none", "-serial", "none", "-kernel", NULL}};
    uint32_t expected = compute(COMPUTE_ROUNDS, COMPUTE_ALL);
    uint64_t instructions;
    char rest[96];
    double million;
    double ours_mips;
    double bare_mips;

    (void)run_guest(bench, "compute.elf", &instructions);
    million = (double)instructions * 1e-6;
    for (unsigned turn = 0; turn < COMPUTE_TURNS; turn++) {
        ours.cpu[turn] = take_turn(bench, &ours, expected);
        bare.cpu[turn] = take_turn(bench, &bare, expected);
        if (!qemu.absent)
            qemu.cpu[turn] = take_turn(bench, &qemu, expected);
    }
    ours_mips = million / median(ours.cpu, COMPUTE_TURNS);
    bare_mips = million / median(bare.cpu, COMPUTE_TURNS);

    printf("Copy, CRC, sort and FP: %.1f million instructions, CPU time, median of %d\n", million,
           COMPUTE_TURNS);
    (void)snprintf(rest, sizeof rest, "%.2f x chip      aim >= %.2f  %s", ours_mips / chip_mips,
                   aim_against_chip, verdict(ours_mips >= aim_against_chip * chip_mips));
    show_speed(&ours, ours_mips, rest);
    (void)snprintf(rest, sizeof rest, "%.2f x bare      aim >= %.2f  %s", ours_mips / bare_mips,
                   aim_against_bare, verdict(ours_mips >= aim_against_bare * bare_mips));
    printf("  %-34s %7s      %s\n", "", "", rest);
    show_speed(&bare, bare_mips, "");
    show_speed(&qemu, million / median(qemu.cpu, COMPUTE_TURNS), "");
}

/* ---- The same by kinds of code --------------------------------------------------------------- */

static void measure_part(struct bench *bench, const char *name, const char *title,
                         enum compute_part part)
{
    uint32_t expected = compute(COMPUTE_ROUNDS, part);
    double ours[PART_TURNS];
    double bare[PART_TURNS];
    uint64_t instructions;
    char path[512];
    char image[32];
    double million;

    for (unsigned turn = 0; turn < PART_TURNS; turn++) {
        uint32_t result = 0;

        (void)snprintf(image, sizeof image, "%s.elf", name);
        ours[turn] = run_guest(bench, image, &instructions);
        (void)snprintf(image, sizeof image, "%s.bin", name);
        if (!bare_run(guest(bench, image, path, sizeof path), &result, &bare[turn]) ||
            result != expected)
            complain(bench, name);
    }
    million = (double)instructions * 1e-6;
    printf("  %-34s %7.0f MIPS %.2f x bare (%.0f MIPS)\n", title,
           million / median(ours, PART_TURNS), median(bare, PART_TURNS) / median(ours, PART_TURNS),
           million / median(bare, PART_TURNS));
}

static void measure_parts(struct bench *bench)
{
    printf("\nBy kinds of code: the machine without rules and reports, median of %d\n", PART_TURNS);
    measure_part(bench, "copy", "copy (LDRD and STRD)", COMPUTE_COPY);
    measure_part(bench, "crc", "CRC (loads)", COMPUTE_CRC);
    measure_part(bench, "sort", "heap sort (branches and stores)", COMPUTE_SORT);
    measure_part(bench, "fp", "matrix product (FP and loads)", COMPUTE_FP);
}

/* ---- 2. A whole run of USB firmware ---------------------------------------------------------- */

static void measure_usb_run(struct bench *bench)
{
    char *argv[] = {bench->program, "run", bench->usb_firmware, NULL};
    double wall[USB_TURNS];
    long peak_kib = 0;
    double middle;

    printf("\n%s, process start to verdict, wall time, median of %d\n", bench->usb_firmware,
           USB_TURNS);
    for (unsigned turn = 0; turn < USB_TURNS; turn++) {
        struct cost cost;

        if (!run_child(argv, NULL, &cost) || cost.exit_code != 0) {
            complain(bench, "the run is not clean");
            return;
        }
        wall[turn] = cost.wall * 1e3;
        peak_kib = cost.peak_kib > peak_kib ? cost.peak_kib : peak_kib;
    }
    middle = median(wall, USB_TURNS);
    printf("  %-34s %7.1f ms   (%.1f to %.1f)  aim <= %.0f  %s\n", "fencepost run", middle, wall[0],
           wall[USB_TURNS - 1], aim_usb_ms, verdict(middle <= aim_usb_ms));
    printf("  %-34s %7.1f MiB\n", "peak resident memory", (double)peak_kib / 1024.0);
}

/* ---- 3. Snapshots ---------------------------------------------------------------------------- */

static void show_snapshot(const char *name, double *values)
{
    double us = median(values, SNAPSHOT_TURNS) * 1e6;

    printf("  %-34s %7.1f us                   aim <= %.0f  %s\n", name, us, aim_snapshot_us,
           verdict(us <= aim_snapshot_us));
}

/* In the middle of an enumeration; between save and restore the machine runs a millisecond. */
static void measure_snapshots(struct bench *bench)
{
    struct machine *machine = create_machine(bench->usb_firmware, HOST_LINUX);
    double save[SNAPSHOT_TURNS];
    double restore[SNAPSHOT_TURNS];
    size_t size = 0;

    (void)machine_run(machine, 150 * CYCLES_PER_MS);
    for (unsigned turn = 0; turn < SNAPSHOT_TURNS; turn++) {
        double begin = cpu_clock();
        struct snapshot *snapshot = machine_save(machine);
        uint64_t hash;

        save[turn] = cpu_clock() - begin;
        size = snapshot_size(snapshot);
        hash = machine_hash(machine);
        (void)machine_run(machine, CYCLES_PER_MS);
        begin = cpu_clock();
        machine_restore(machine, snapshot);
        restore[turn] = cpu_clock() - begin;
        if (machine_hash(machine) != hash)
            complain(bench, "restored state differs from saved state");
        snapshot_free(snapshot);
    }
    machine_destroy(machine);
    printf("\nSnapshots of %.0f KiB, CPU time, median of %d\n", (double)size / 1024.0,
           SNAPSHOT_TURNS);
    show_snapshot("machine_save", save);
    show_snapshot("machine_restore", restore);
}

/* ---- The debugger ---------------------------------------------------------------------------- */

static void measure_debugging(struct bench *bench)
{
    char path[512];

    if (!measure_debugger(bench->program, guest(bench, "compute.elf", path, sizeof path),
                          bench->usb_firmware))
        complain(bench, "a step back found another state");
}

/* ---- 4. Exceptions --------------------------------------------------------------------------- */

static void measure_exceptions(struct bench *bench)
{
    enum { PER_GUEST = 200000 }; /* tests/bench/guest/run_exceptions.S */
    double pairs[EXCEPTION_TURNS];

    for (unsigned turn = 0; turn < EXCEPTION_TURNS; turn++)
        pairs[turn] = run_guest(bench, "exceptions.elf", NULL) -
                      run_guest(bench, "exceptions_quiet.elf", NULL);
    printf("\nExceptions: PendSV %d times, against the same without, CPU time, median of %d\n",
           PER_GUEST, EXCEPTION_TURNS);
    printf("  %-34s %7.2f us\n", "entry, handler and return",
           median(pairs, EXCEPTION_TURNS) / PER_GUEST * 1e6);
}

/* ---- 5. Rules -------------------------------------------------------------------------------- */

static void measure_rules(struct bench *bench, const char *echo)
{
    char path[512];

    if (!measure_detection(guest(bench, "compute.elf", path, sizeof path), echo,
                           "tests/bench/echo.usb"))
        bench->wrong = true;
}

int main(int argc, char **argv)
{
    struct bench bench = {0};

    if (argc != 8) {
        (void)fprintf(stderr, "usage: bench FENCEPOST GUESTS USB_FIRMWARE ECHO_FIRMWARE "
                              "SERIAL_FIRMWARE LATE_FIRMWARE GROWTH_FIRMWARE\n");
        return 2;
    }
    bench.program = argv[1];
    bench.guests = argv[2];
    bench.usb_firmware = argv[3];
    (void)setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    printf("fencepost on %s\n\n", cpu_engine_name());
    measure_speed(&bench);
    measure_parts(&bench);
    if (access(bench.usb_firmware, R_OK) == 0) {
        measure_usb_run(&bench);
        measure_blocks();
        measure_snapshots(&bench);
        measure_debugging(&bench);
    } else {
        printf("\n%s: absent, USB run and snapshots left out\n", bench.usb_firmware);
    }
    measure_exceptions(&bench);
    measure_rules(&bench, argv[4]);
    if (!measure_throughput(argv[5], argv[3]))
        bench.wrong = true;
    if (!measure_exploration(argv[3], argv[6], argv[7]))
        bench.wrong = true;
    return bench.wrong ? 1 : 0;
}
