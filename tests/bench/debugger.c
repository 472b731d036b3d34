/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/debugger.h"

#include "sim/debug/packet.h"
#include "sim/debug/target.h"
#include "tests/bench/measure.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    BACK_STEPS = 200,
    ROUND_TRIPS = 2000,
    HISTORY_MB = 256,
    SMALL_HISTORY_MB = 16,
    RUN_SLICES = 1000, /* of a millisecond: a second of virtual time */
};

static const double aim_back_ms = 50.0;

static const char *verdict(bool reached)
{
    return reached ? "reached" : "MISSED";
}

/* ---- Steps ----------------------------------------------------------------------------------- */

static struct target *create(const char *image, unsigned history_mb)
{
    char *images[] = {(char *)(uintptr_t)image};
    const struct target_options options = {
        .plan = {.machine = {.host = HOST_LINUX}, .images = images, .image_count = 1},
        .history_bytes = (size_t)history_mb << 20};
    struct target *target;
    struct failure failure;

    if (target_create(&target, &options, &failure) != STATUS_OK) {
        (void)fprintf(stderr, "bench: %s\n", failure.message);
        exit(2);
    }
    return target;
}

static void run_for_a_second(struct target *target)
{
    target_go(target, MOTION_CONTINUE, (struct byte_range){0, 0});
    for (unsigned i = 0; i < RUN_SLICES && !target_advance(target); i++)
        ;
    if (target_halted(target).halt == HALT_NONE)
        target_interrupt(target);
}

static void step(struct target *target)
{
    target_go(target, MOTION_STEP, (struct byte_range){0, 0});
    while (!target_advance(target))
        ;
}

/* Times of the steps back, the middle one first. */
static double steps_back(struct target *target, double *worst)
{
    double times[BACK_STEPS];
    double middle;

    for (unsigned i = 0; i < BACK_STEPS; i++) {
        double begin = wall_clock();

        target_step_back(target);
        times[i] = wall_clock() - begin;
    }
    middle = median(times, BACK_STEPS);
    *worst = times[BACK_STEPS - 1];
    return middle;
}

/* From the end of a second of virtual time. */
static bool measure_steps(const char *title, const char *image, unsigned history_mb)
{
    struct target *target = create(image, history_mb);
    uint64_t hash;
    double begin;
    double forward;
    double back;
    double worst;
    bool same;

    target_stop_on(target, STOP_FINDING, false, STOP_ANY);
    run_for_a_second(target);
    for (unsigned i = 0; i < 2 * BACK_STEPS; i++) /* away from sleep, which has no next step */
        target_step_back(target);
    hash = machine_hash(target_machine(target));
    begin = wall_clock();
    for (unsigned i = 0; i < BACK_STEPS; i++)
        step(target);
    forward = (wall_clock() - begin) / BACK_STEPS;
    back = steps_back(target, &worst);
    same = machine_hash(target_machine(target)) == hash;

    printf("  %-34s %7.0f steps/s, back %5.0f/s (1 : %.0f)\n", title, 1 / forward, 1 / back,
           back / forward);
    printf("  %-34s %7.1f ms middle, %.1f ms worst   aim <= %.0f  %s\n", "  a step back",
           back * 1e3, worst * 1e3, aim_back_ms, verdict(worst * 1e3 <= aim_back_ms));
    printf("  %-34s %7zu MiB in %u snapshots, of %u MiB   %s\n", "  history",
           target_past(target).bytes >> 20, target_past(target).snapshots, history_mb,
           verdict(target_past(target).bytes >> 20 <= history_mb));
    target_destroy(target);
    return same;
}

/* ---- Round trips ----------------------------------------------------------------------------- */

struct session {
    pid_t child;
    int to;
    int from;
};

static bool open_session(struct session *session, const char *program, const char *image)
{
    extern char **environ;
    char *argv[] = {(char *)(uintptr_t)program, "debug", "--stdio", (char *)(uintptr_t)image, NULL};
    posix_spawn_file_actions_t actions;
    int to[2];
    int from[2];
    int failed;

    if (pipe(to) || pipe(from))
        return false;
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
    (void)posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
    (void)posix_spawn_file_actions_addclose(&actions, to[1]);
    (void)posix_spawn_file_actions_addclose(&actions, from[0]);
    failed = posix_spawn(&session->child, program, &actions, NULL, argv, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)close(to[0]);
    (void)close(from[1]);
    session->to = to[1];
    session->from = from[0];
    return !failed;
}

static void close_session(struct session *session)
{
    int status;

    (void)close(session->to);
    (void)close(session->from);
    (void)waitpid(session->child, &status, 0);
}

/* Sends a packet and reads its answer; consoles' words in between are passed over. */
static bool ask(struct session *session, const char *content)
{
    struct packet_reader reader = {.size = 0};
    struct text packet = {0};
    char bytes[4096];
    bool answered = false;
    ssize_t count;

    packet_write(&packet, content, strlen(content));
    if (write(session->to, packet.bytes, packet.length) != (ssize_t)packet.length)
        return false;
    text_free(&packet);
    while (!answered && (count = read(session->from, bytes, sizeof bytes)) > 0) {
        for (ssize_t i = 0; i < count; i++)
            answered |= packet_feed(&reader, (uint8_t)bytes[i]) == PACKET_COMPLETE &&
                        reader.bytes[0] != 'O';
    }
    return answered;
}

static void measure_packet(struct session *session, const char *title, const char *content)
{
    double times[ROUND_TRIPS];

    for (unsigned i = 0; i < ROUND_TRIPS; i++) {
        double begin = wall_clock();

        if (!ask(session, content)) {
            printf("  %-34s no answer\n", title);
            return;
        }
        times[i] = wall_clock() - begin;
    }
    printf("  %-34s %7.0f us\n", title, median(times, ROUND_TRIPS) * 1e6);
}

static void measure_round_trips(const char *program, const char *image)
{
    struct session session;

    if (!open_session(&session, program, image)) {
        printf("  %s: cannot be started\n", program);
        return;
    }
    if (ask(&session, "qSupported:swbreak+;hwbreak+")) {
        measure_packet(&session, "all registers (g)", "g");
        measure_packet(&session, "64 bytes of memory", "m20000000,40");
        measure_packet(&session, "a step (vCont;s)", "vCont;s:1;c");
        measure_packet(&session, "a step back (bs)", "bs");
    }
    close_session(&session);
}

bool measure_debugger(const char *program, const char *busy, const char *usb)
{
    bool same;

    printf("\nDebugger: steps at the end of a second of virtual time, wall time\n");
    same = measure_steps("64 million instructions", busy, HISTORY_MB);
    same &= measure_steps("the same, little history", busy, SMALL_HISTORY_MB);
    same &= measure_steps("usb-5, mostly asleep", usb, HISTORY_MB);
    printf("\nDebugger: round trips through a pipe, wall time, median of %d\n", ROUND_TRIPS);
    measure_round_trips(program, usb);
    return same;
}
