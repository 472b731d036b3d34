/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One EasyDMA for everybody (driver/engine.h): requests that come between any two instructions of a
 * thread that moves packets, and transfers that do not end when they should.
 */
#include "tests/cmocka.h"
#include "tests/driver/bench.h"

#include <string.h>

enum { OUT_ENDPOINT = 2, IN_ENDPOINT = 2, PACKET = 64 }; /* firmware/cdc-echo.c */

/* ---- The thread is interrupted -----------------------------------------------------------------
 */

static const uint8_t get_device_descriptor[8] = {0x80, 6, 0, 1, 0, 0, 18, 0};
static const uint8_t set_configuration[8] = {0, 9, 1, 0, 0, 0, 0, 0};
static const uint8_t halt_in[8] = {2, 3, 0, 0, 0x82, 0, 0, 0};
static const uint8_t clear_in[8] = {2, 1, 0, 0, 0x82, 0, 0, 0};
static const uint8_t halt_out[8] = {2, 3, 0, 0, 0x02, 0, 0, 0};
static const uint8_t clear_out[8] = {2, 1, 0, 0, 0x02, 0, 0, 0};

static void fill(uint8_t packet[PACKET], unsigned seed)
{
    for (unsigned i = 0; i < PACKET; i++)
        packet[i] = (uint8_t)(i * 5 + seed);
}

static void expect_request(struct bench *bench, const uint8_t setup[8])
{
    uint8_t data[64];

    bench_expect(bench,
                 machine_control(bench->machine, setup, data, NULL, CYCLES_PER_SECOND / 4) ==
                     CONTROL_DONE,
                 "the request is answered");
}

static void expect_written(struct bench *bench, const uint8_t packet[PACKET])
{
    bench_expect(bench,
                 machine_pipe_write(bench->machine, OUT_ENDPOINT, packet, PACKET,
                                    CYCLES_PER_SECOND / 4) == CONTROL_DONE,
                 "a packet is taken");
}

static void read_packet(struct bench *bench, uint8_t packet[PACKET])
{
    size_t size = PACKET;

    bench_expect(bench,
                 machine_pipe_read(bench->machine, IN_ENDPOINT, packet, &size,
                                   CYCLES_PER_SECOND / 4) == CONTROL_DONE,
                 "a packet comes back");
    bench_expect(bench, size == PACKET, "it is whole");
}

enum { FIRST = 1 }; /* seed of the packet that is being echoed when the request comes */

/* A packet comes back; the first may come before it, if the thread still had it in its hands. */
static void expect_echo(struct bench *bench, unsigned seed)
{
    uint8_t sent[PACKET];
    uint8_t first[PACKET];
    uint8_t back[PACKET] = {0};

    fill(sent, seed);
    fill(first, FIRST);
    expect_written(bench, sent);
    read_packet(bench, back);
    if (seed != FIRST && memcmp(first, back, sizeof back) == 0)
        read_packet(bench, back);
    bench_expect(bench, memcmp(sent, back, sizeof back) == 0, "it is the same");
}

static void expect_first_packet(struct bench *bench)
{
    uint8_t first[PACKET];
    uint8_t back[PACKET] = {0};

    fill(first, FIRST);
    read_packet(bench, back);
    bench_expect(bench, memcmp(first, back, sizeof back) == 0, "nothing is lost");
}

struct scene {
    const uint8_t *request;
    const uint8_t *second; /* follows it; NULL: none */
    bool keeps;            /* the packet under way is not lost */
};

static void interrupt_at(struct bench *bench, const struct scene *scene, sim_time when)
{
    (void)!machine_run(bench->machine, when);
    expect_request(bench, scene->request);
    if (scene->second)
        expect_request(bench, scene->second);
    if (scene->keeps)
        expect_first_packet(bench);
    expect_echo(bench, FIRST + 1 + (unsigned)when % 200);
    bench_expect_clean(bench);
}

/* A packet is moved to RAM so slowly that a SETUP has the time to come while it is echoed. */
static uint32_t slow_first_word(void *owner, struct chooser *chooser, const struct choice *choice)
{
    (void)owner;
    (void)chooser;
    return choice->point == CHOICE_DMA_FIRST_WORD ? 3000 : choice->typical;
}

/*
 * A packet has arrived and is on its way to RAM; then the thread echoes it. The request comes a
 * cycle later each time, from before to behind that. What a request takes from its first token to
 * its SETUP is always the same, so each instruction of the thread is interrupted once.
 */
static void is_right_at_every_instruction(const char *build, const struct scene *scene,
                                          enum choice_policy dma, unsigned step)
{
    enum { SETTLED = 3 * CYCLES_PER_MS, ECHO_TAKES = 1500 };
    const sim_time from = dma == CHOICE_REALISTIC ? 1900 : 0;
    uint8_t packet[PACKET];
    struct bench bench;

    bench_open(&bench, build, "cdc-echo", HOST_LINUX, dma);
    bench_expect(&bench, machine_run(bench.machine, CYCLES_PER_SECOND) == MACHINE_STOP_HOST_DONE,
                 "it is configured");
    expect_echo(&bench, 0);
    (void)!machine_run(bench.machine, SETTLED);
    fill(packet, FIRST);
    if (dma == CHOICE_REALISTIC)
        machine_chooser(bench.machine)->oracle = slow_first_word;
    expect_written(&bench, packet);
    struct snapshot *before = machine_save(bench.machine);
    for (sim_time when = from; when < from + ECHO_TAKES; when += step) {
        machine_restore(bench.machine, before);
        interrupt_at(&bench, scene, when);
    }
    snapshot_free(before);
    bench_close(&bench);
}

/* Every instruction in one build, some in each other. */
static void is_right_in_every_build(const struct scene *scene)
{
    char build[BUILD_NAME_MAX];

    is_right_at_every_instruction(FIRMWARE_DEFAULT, scene, CHOICE_REALISTIC, 1);
    is_right_at_every_instruction(FIRMWARE_DEFAULT, scene, CHOICE_LAZY, 31);
    for (unsigned i = 0; bench_build(i, build); i++)
        is_right_at_every_instruction(build, scene, CHOICE_REALISTIC, 101 + 2 * i);
}

static void a_control_read_at_any_instruction_of_an_echo_disturbs_nothing(void **state)
{
    const struct scene scene = {get_device_descriptor, NULL, true};

    (void)state;
    is_right_in_every_build(&scene);
}

static void a_configuration_set_at_any_instruction_of_an_echo_begins_anew(void **state)
{
    const struct scene scene = {set_configuration, NULL, false};

    (void)state;
    is_right_in_every_build(&scene);
}

static void a_halt_of_the_in_endpoint_at_any_instruction_of_an_echo_ends_well(void **state)
{
    const struct scene scene = {halt_in, clear_in, false};

    (void)state;
    is_right_in_every_build(&scene);
}

static void a_halt_of_the_out_endpoint_at_any_instruction_of_an_echo_loses_nothing(void **state)
{
    const struct scene scene = {halt_out, clear_out, true};

    (void)state;
    is_right_in_every_build(&scene);
}

/* The host does not fetch what it was sent, halts the endpoint, and ends the halt. */
static void a_packet_that_waits_in_a_halted_endpoint_is_gone_behind_the_halt(void **state)
{
    uint8_t packet[PACKET];
    char build[BUILD_NAME_MAX];
    struct bench bench;

    (void)state;
    fill(packet, FIRST);
    for (unsigned i = 0; bench_build(i, build); i++) {
        size_t size = sizeof packet;

        bench_open(&bench, build, "cdc-echo", HOST_LINUX, CHOICE_REALISTIC);
        bench_expect(&bench,
                     machine_run(bench.machine, CYCLES_PER_SECOND) == MACHINE_STOP_HOST_DONE,
                     "it is configured");
        expect_written(&bench, packet);
        (void)!machine_run(bench.machine, 2 * CYCLES_PER_MS);
        expect_request(&bench, halt_in);
        expect_request(&bench, clear_in);
        bench_expect(&bench,
                     machine_pipe_read(bench.machine, IN_ENDPOINT, packet, &size,
                                       5 * CYCLES_PER_MS) == CONTROL_TIMED_OUT,
                     "what waited is gone");
        bench_expect_clean(&bench);
        bench_close(&bench);
    }
}

static void fetch_at(struct bench *bench, sim_time when)
{
    uint8_t sent[2 * PACKET];
    uint8_t back[2 * PACKET] = {0};
    size_t size = sizeof back;

    fill(sent, FIRST);
    fill(sent + PACKET, FIRST + 1);
    (void)!machine_run(bench->machine, when);
    bench_expect(bench,
                 machine_pipe_read(bench->machine, IN_ENDPOINT, back, &size,
                                   CYCLES_PER_SECOND / 4) == CONTROL_DONE,
                 "both packets come back");
    bench_expect(bench, size == sizeof sent && memcmp(sent, back, size) == 0, "they are the same");
    bench_expect_clean(bench);
}

/* The host takes the first of two packets while the thread hands over the second. */
static void a_packet_fetched_at_any_instruction_of_the_next_ones_echo_is_noticed(void **state)
{
    uint8_t sent[2 * PACKET];
    struct bench bench;

    (void)state;
    fill(sent, FIRST);
    fill(sent + PACKET, FIRST + 1);
    bench_open(&bench, FIRMWARE_DEFAULT, "cdc-echo", HOST_LINUX, CHOICE_REALISTIC);
    bench_expect(&bench, machine_run(bench.machine, CYCLES_PER_SECOND) == MACHINE_STOP_HOST_DONE,
                 "it is configured");
    machine_chooser(bench.machine)->oracle = slow_first_word;
    bench_expect(&bench,
                 machine_pipe_write(bench.machine, OUT_ENDPOINT, sent, sizeof sent,
                                    CYCLES_PER_SECOND / 4) == CONTROL_DONE,
                 "both packets are taken");
    struct snapshot *before = machine_save(bench.machine);
    for (sim_time when = 0; when < 2500; when++) {
        machine_restore(bench.machine, before);
        fetch_at(&bench, when);
    }
    snapshot_free(before);
    bench_close(&bench);
}

/* ---- EasyDMA that does not end -----------------------------------------------------------------
 */

enum { WRITE = 1, READ = 2, PATTERN = 3, ABORTS = 4 }; /* tests/driver/firmware/control-echo.c */

struct stopper {
    struct machine *machine;
    bool armed;
};

static void stop_at_start(void *owner, const struct observation *seen)
{
    const struct stopper *stopper = owner;

    (void)seen;
    if (stopper->armed)
        machine_request_stop(stopper->machine);
}

/* Whatever step of a transfer is to come, comes 20 ms later, between two tokens of a host that asks
 * again and again. */
static void hold_dma(struct bench *bench)
{
    static const enum event_id steps[] = {EVENT_DMA_CAPTURE, EVENT_DMA_WORD, EVENT_DMA_END};
    struct scheduler *scheduler = machine_scheduler(bench->machine);

    for (uint16_t channel = 0; channel < 64; channel++) {
        for (unsigned i = 0; i < 3; i++) {
            if (scheduler_cancel(scheduler, steps[i], channel))
                scheduler_add(scheduler, steps[i], channel, 20 * CYCLES_PER_MS + 600, 0);
        }
    }
}

static unsigned aborts(struct bench *bench)
{
    uint8_t count = 0;
    size_t size = 0;

    bench_expect(bench, bench_read(bench, ABORTS, 0, 1, &count, &size) == CONTROL_DONE && size == 1,
                 "the next request is answered, with its own bytes");
    return count;
}

static void expect_data_stages_work(struct bench *bench)
{
    uint8_t sent[100];
    uint8_t back[256] = {0};
    size_t size = 0;

    memset(sent, 0x5a, sizeof sent);
    bench_expect(bench, bench_write(bench, WRITE, sizeof sent, sent) == CONTROL_DONE,
                 "a write ends well");
    bench_expect(bench,
                 bench_read(bench, READ, 0, 256, back, &size) == CONTROL_DONE &&
                     size == sizeof sent && memcmp(sent, back, size) == 0,
                 "and is read back");
}

static void outlast_recovery(struct bench *bench, void (*begin)(struct bench *bench),
                             uint8_t late_packet)
{
    const struct machine_options options = {
        .host = HOST_MANUAL,
        .ram_pattern = 0xa5,
        .silicon = {.answer = {[UNDOCUMENTED_LATE_PACKET] = late_packet}},
    };
    static struct stopper stopper;

    bench_open_with(bench, FIRMWARE_DEFAULT, "control-echo", &options);
    bench_reset(bench);
    stopper = (struct stopper){bench->machine, true};
    trace_subscribe(machine_trace(bench->machine), TRACE_KIND(DMA_OPEN), stop_at_start, &stopper);
    begin(bench);
    bench_expect(bench, machine_run(bench->machine, 10 * CYCLES_PER_MS) == MACHINE_STOP_CONDITION,
                 "EasyDMA starts");
    stopper.armed = false;
    hold_dma(bench);
    host_abandon(machine_host(bench->machine));
}

static void begin_write(struct bench *bench)
{
    bench_begin_write(bench, WRITE, 200);
}

static void begin_read(struct bench *bench)
{
    bench_begin_read(bench, PATTERN, 200, 200);
}

static void an_out_packet_whose_dma_outlasts_its_recovery_is_forgotten(void **state)
{
    struct bench bench;

    (void)state;
    outlast_recovery(&bench, begin_write, 0);
    bench_expect(&bench, aborts(&bench) == 1, "the data stage was given up");
    expect_data_stages_work(&bench);
    bench_expect_no_finding(&bench);
    bench_close(&bench);
}

static void count_data(void *owner, const struct observation *seen)
{
    unsigned *bytes = owner;

    if (seen->usb_packet.sender == USB_FROM_DEVICE)
        *bytes += seen->usb_packet.size;
}

/* The buffer of the answer is EasyDMA's: the request after it cannot be answered, later ones can.
 * When EasyDMA is done, the host is asking for another packet. */
static void forget_late_packet(uint8_t late_packet)
{
    unsigned bytes = 0;
    uint8_t data[PACKET];
    struct bench bench;

    outlast_recovery(&bench, begin_read, late_packet);
    trace_subscribe(machine_trace(bench.machine), TRACE_KIND(USB_PACKET), count_data, &bytes);
    bench_expect(&bench,
                 bench_read(&bench, READ, 0, sizeof data, data, NULL) == CONTROL_TIMED_OUT &&
                     bytes == 0,
                 "the old packet is no answer");
    host_abandon(machine_host(bench.machine));
    bench_expect(&bench, aborts(&bench) == 1, "the data stage was given up");
    expect_data_stages_work(&bench);
    bench_expect_no_finding(&bench);
    bench_close(&bench);
}

static void an_in_packet_whose_dma_outlasts_its_recovery_is_forgotten(void **state)
{
    (void)state;
    forget_late_packet(0);
    forget_late_packet(LATE_PACKET_SENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_control_read_at_any_instruction_of_an_echo_disturbs_nothing),
        cmocka_unit_test(a_configuration_set_at_any_instruction_of_an_echo_begins_anew),
        cmocka_unit_test(a_halt_of_the_in_endpoint_at_any_instruction_of_an_echo_ends_well),
        cmocka_unit_test(a_halt_of_the_out_endpoint_at_any_instruction_of_an_echo_loses_nothing),
        cmocka_unit_test(a_packet_that_waits_in_a_halted_endpoint_is_gone_behind_the_halt),
        cmocka_unit_test(a_packet_fetched_at_any_instruction_of_the_next_ones_echo_is_noticed),
        cmocka_unit_test(an_out_packet_whose_dma_outlasts_its_recovery_is_forgotten),
        cmocka_unit_test(an_in_packet_whose_dma_outlasts_its_recovery_is_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
