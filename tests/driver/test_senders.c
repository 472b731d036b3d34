/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interrupt handler uses the endpoints too (driver/epin.h, epout.h, iso.h): it sends through
 * the endpoint the thread is just filling, and moves packets by nothing but the events it is told.
 */
#include "tests/cmocka.h"
#include "tests/driver/bench.h"

#include <string.h>

enum { THREAD = 0, INTERRUPT = 1 }; /* tests/driver/firmware/two-senders.c */
enum { ECHO = 1, SHARED = 2, PACKET = 64 };

static const sim_time PATIENCE = CYCLES_PER_SECOND / 4;

static void open_configured(struct bench *bench, const char *build, enum choice_policy dma)
{
    bench_open(bench, build, "two-senders", HOST_LINUX, dma);
    bench_expect(bench, machine_run(bench->machine, CYCLES_PER_SECOND) == MACHINE_STOP_HOST_DONE,
                 "it is configured");
}

static void read_packet(struct bench *bench, uint8_t endpoint, uint8_t packet[PACKET])
{
    size_t size = PACKET;

    bench_expect(bench,
                 machine_pipe_read(bench->machine, endpoint, packet, &size, PATIENCE) ==
                         CONTROL_DONE &&
                     size == PACKET,
                 "a whole packet comes");
}

/* ---- One endpoint, two senders -----------------------------------------------------------------
 */

/* Returns whose packet comes first. */
static uint8_t send_in_the_middle(struct bench *bench, sim_time when)
{
    uint8_t packet[PACKET];

    (void)!machine_run(bench->machine, when);
    bench_expect(bench, bench_write(bench, INTERRUPT, 0, NULL) == CONTROL_DONE,
                 "the request is accepted");
    read_packet(bench, SHARED, packet);
    for (unsigned i = 1; i < PACKET; i++)
        bench_expect(bench, packet[i] == packet[0], "it is of one sender");
    bench_expect_clean(bench);
    return packet[0];
}

static void a_packet_sent_while_another_is_copied_never_mixes_with_it(void **state)
{
    enum { STEP = 16, TAKES = 16000 };
    unsigned first[256] = {0};
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, CHOICE_EAGER);
    bench_expect(&bench, bench_write(&bench, THREAD, 0, NULL) == CONTROL_DONE,
                 "the request is accepted");
    struct snapshot *before = machine_save(bench.machine);
    for (sim_time when = 0; when < TAKES; when += STEP) {
        machine_restore(bench.machine, before);
        first[send_in_the_middle(&bench, when)]++;
    }
    bench_expect(&bench, first['i'] > 10 && first['t'] > 10, "each is the first now and then");
    snapshot_free(before);
    bench_close(&bench);
}

/* ---- Nothing but events ------------------------------------------------------------------------
 */

static void expect_echo(struct bench *bench, uint8_t seed)
{
    uint8_t sent[PACKET];
    uint8_t back[PACKET] = {0};

    memset(sent, seed, sizeof sent);
    bench_expect(bench,
                 machine_pipe_write(bench->machine, ECHO, sent, sizeof sent, PATIENCE) ==
                     CONTROL_DONE,
                 "a packet is taken");
    read_packet(bench, ECHO, back);
    bench_expect(bench, memcmp(sent, back, sizeof back) == 0, "it is the same");
}

static void the_end_of_a_transfer_is_told_whatever_its_pace(void **state)
{
    static const enum choice_policy policies[] = {CHOICE_REALISTIC, CHOICE_EAGER, CHOICE_LAZY};
    char build[BUILD_NAME_MAX];
    struct bench bench;

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i++) {
        open_configured(&bench, build, policies[i % 3]);
        for (unsigned n = 0; n < 5; n++)
            expect_echo(&bench, (uint8_t)(n + 1));
        bench_expect_clean(&bench);
        bench_close(&bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_packet_sent_while_another_is_copied_never_mixes_with_it),
        cmocka_unit_test(the_end_of_a_transfer_is_told_whatever_its_pace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
