/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Endpoints 1 to 8 (driver/endpoint.h, epin.h, epout.h, iso.h): what is refused, sleep while data
 * is moved, and USBD switched off and on.
 */
#include "driver/status.h"
#include "tests/cmocka.h"
#include "tests/driver/bench.h"

#include <string.h>

enum {
    LOWPOWER = 0x4002752c,
    HFCLKSTAT = 0x4000040c,
    INTEN = 0x40027300,
    ENABLE = 0x40027500,
    SOF = 1 << 21,
    EPDATA = 1 << 24
};

static const sim_time PATIENCE = CYCLES_PER_SECOND / 4;

static void open_configured(struct bench *bench, const char *build, const char *program,
                            enum choice_policy dma)
{
    bench_open(bench, build, program, HOST_LINUX, dma);
    bench_expect(bench, machine_run(bench->machine, CYCLES_PER_SECOND) == MACHINE_STOP_HOST_DONE,
                 "it is configured");
}

/* ---- Refusals ----------------------------------------------------------------------------------
 */

static enum usbd_status misuse(struct bench *bench, uint16_t which)
{
    uint8_t status = USBD_STATUS_COUNT;

    bench_expect(bench, bench_read(bench, 0, which, 1, &status, NULL) == CONTROL_DONE,
                 "the request is answered");
    return status;
}

static void expect_refused(struct bench *bench, uint16_t which, enum usbd_status status)
{
    enum usbd_status answer = misuse(bench, which);

    if (answer != status)
        print_error("misuse %u: status %d instead of %d\n", which, answer, status);
    bench_expect(bench, answer == status, "it is refused with the right status");
}

static void expect_packet(struct bench *bench, size_t wanted)
{
    uint8_t back[64];
    size_t size = sizeof back;

    bench_expect(bench,
                 machine_pipe_read(bench->machine, 1, back, &size, PATIENCE) == CONTROL_DONE &&
                     size == wanted,
                 "a packet comes");
}

static void expect_all_refused(struct bench *bench)
{
    uint8_t packet[64] = {1, 2, 3};

    expect_refused(bench, 0, USBD_TOO_LONG);
    expect_refused(bench, 1, USBD_CLOSED);
    expect_refused(bench, 2, USBD_BUSY);
    expect_packet(bench, 1); /* the first of the two, and not the second */
    expect_refused(bench, 3, USBD_IDLE);
    expect_refused(bench, 4, USBD_CLOSED);
    bench_expect(bench,
                 machine_pipe_write(bench->machine, 1, packet, sizeof packet, PATIENCE) ==
                     CONTROL_DONE,
                 "a packet is taken");
    (void)!machine_run(bench->machine, CYCLES_PER_MS);
    expect_refused(bench, 5, USBD_TOO_LONG);
    expect_refused(bench, 3, USBD_OK); /* it is still there */
    expect_refused(bench, 3, USBD_IDLE);
    for (uint16_t which = 6; which <= 10; which++)
        expect_refused(bench, which, USBD_CLOSED);
    expect_refused(bench, 11, USBD_TOO_LONG);
    expect_refused(bench, 12, USBD_BUSY);
    expect_refused(bench, 13, USBD_IDLE);
    expect_refused(bench, 14, USBD_IDLE);
    sim_time asked = machine_now(bench->machine);
    expect_refused(bench, 15, USBD_IDLE);
    bench_expect(bench, machine_now(bench->machine) - asked < CYCLES_PER_MS, "and at once");
}

static void send_isochronous(struct bench *bench)
{
    struct host *host = machine_host(bench->machine);
    const struct host_stream stream = {.out = host_pipe(host, 8, false), .size = 64};

    host_stream(host, &stream);
    (void)!machine_run(bench->machine, 4 * CYCLES_PER_MS);
    bench_expect(bench, host_transfer(host) == TRANSFER_DONE, "a packet goes out");
}

static void expect_isochronous_refused(struct bench *bench)
{
    (void)!machine_run(bench->machine, CYCLES_PER_MS);
    expect_refused(bench, 16, USBD_BUSY);
    (void)!machine_run(bench->machine, CYCLES_PER_MS);
    expect_refused(bench, 17, USBD_OK);
    expect_refused(bench, 18, USBD_CLOSED);
    expect_refused(bench, 19, USBD_CLOSED);
    send_isochronous(bench);
    expect_refused(bench, 20, USBD_IDLE); /* the second time */
    send_isochronous(bench);
    expect_refused(bench, 21, USBD_IDLE);
    (void)!machine_run(bench->machine, CYCLES_PER_MS);
    expect_refused(bench, 22, USBD_BUSY);
    send_isochronous(bench);
    expect_refused(bench, 23, USBD_TOO_LONG);
    expect_refused(bench, 13, USBD_OK); /* it is still there */
    for (uint16_t which = 24; which <= 26; which++)
        expect_refused(bench, which, USBD_CLOSED);
    expect_refused(bench, 27, USBD_BUSY);
    expect_packet(bench, 1);
    expect_refused(bench, 28, USBD_OK); /* endpoint 0 is there to say so */
}

static void each_misuse_is_refused_in_every_build_and_changes_nothing(void **state)
{
    char build[BUILD_NAME_MAX];
    struct bench bench;

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i++) {
        open_configured(&bench, build, "endpoint-refusals", CHOICE_REALISTIC);
        expect_all_refused(&bench);
        expect_isochronous_refused(&bench);
        bench_expect_clean(&bench);
        bench_close(&bench);
    }
}

static uint8_t packets_told(struct bench *bench)
{
    uint8_t count = 0xff;

    bench_expect(bench, bench_read(bench, 3, 0, 1, &count, NULL) == CONTROL_DONE, "it is told");
    return count;
}

static void packets_are_told_to_nobody_who_does_not_want_them(void **state)
{
    uint8_t packet[8] = {1, 2, 3};
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, "endpoint-refusals", CHOICE_REALISTIC);
    uint8_t before = packets_told(&bench);
    bench_expect(&bench,
                 machine_pipe_write(bench.machine, 1, packet, sizeof packet, PATIENCE) ==
                     CONTROL_DONE,
                 "a packet is taken");
    (void)packets_told(&bench);
    bench_expect(&bench, packets_told(&bench) == before, "nothing is told");
    bench_expect(&bench, !(bench_register(&bench, INTEN) & EPDATA), "and nothing interrupts");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

/* ---- Sleep -------------------------------------------------------------------------------------
 */

static void expect_asleep(struct bench *bench)
{
    bench_expect(bench, bench_register(bench, LOWPOWER) == 1, "USBD is in low power");
    bench_expect(bench, bench_register(bench, HFCLKSTAT) == 0, "the crystal rests");
}

static void expect_awake(struct bench *bench)
{
    bench_expect(bench, bench_register(bench, LOWPOWER) == 0, "USBD is awake");
    bench_expect(bench, bench_register(bench, HFCLKSTAT) != 0, "the crystal runs");
}

static bool is_idle(void *owner, struct machine *machine)
{
    (void)owner;
    return host_outcome(machine_host(machine)) == HOST_IDLE;
}

static void resume(struct bench *bench)
{
    host_resume(machine_host(bench->machine));
    bench_expect(bench,
                 machine_run_until(bench->machine, CYCLES_PER_SECOND, is_idle, NULL) ==
                     MACHINE_STOP_CONDITION,
                 "the bus is resumed");
}

/* What had been sent before may come first. */
static void expect_echo(struct bench *bench)
{
    uint8_t sent[60];
    uint8_t back[64];
    size_t size;

    memset(sent, 0x77, sizeof sent);
    bench_expect(bench,
                 machine_pipe_write(bench->machine, 2, sent, sizeof sent, PATIENCE) == CONTROL_DONE,
                 "a packet is taken");
    do {
        size = sizeof back;
        bench_expect(bench,
                     machine_pipe_read(bench->machine, 2, back, &size, PATIENCE) == CONTROL_DONE,
                     "a packet comes back");
    } while (size == sizeof back);
    bench_expect(bench, size == sizeof sent && memcmp(sent, back, size) == 0, "it is the same");
}

static void suspend_after(struct bench *bench, sim_time when)
{
    static const uint8_t set_configuration[8] = {0, 9, 1, 0, 0, 0, 0, 0};
    uint8_t data[256] = {0};
    struct host *host = machine_host(bench->machine);
    const struct host_pipe pipe = host_pipe(host, 2, false);

    host_pipe_write(host, &pipe, data, sizeof data);
    (void)!machine_run(bench->machine, when);
    host_suspend(host);
    (void)!machine_run(bench->machine, 6 * CYCLES_PER_MS);
    expect_asleep(bench);
    resume(bench);
    expect_awake(bench);
    bench_expect(bench,
                 machine_control(bench->machine, set_configuration, NULL, NULL, PATIENCE) ==
                     CONTROL_DONE,
                 "it is configured again");
    expect_echo(bench);
    bench_expect_clean(bench);
}

static void a_suspend_in_the_middle_of_data_is_survived_asleep(void **state)
{
    static const enum choice_policy policies[] = {CHOICE_REALISTIC, CHOICE_LAZY};
    struct bench bench;

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        open_configured(&bench, FIRMWARE_DEFAULT, "cdc-echo", policies[i]);
        struct snapshot *before = machine_save(bench.machine);
        for (unsigned us = 0; us < 400; us += 19) {
            machine_restore(bench.machine, before);
            suspend_after(&bench, us * CYCLES_PER_US);
        }
        snapshot_free(before);
        bench_close(&bench);
    }
}

static void a_bus_reset_wakes_the_sleeping_device(void **state)
{
    char build[BUILD_NAME_MAX];
    struct bench bench;

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i += 5) {
        open_configured(&bench, build, "cdc-echo", CHOICE_REALISTIC);
        host_suspend(machine_host(bench.machine));
        (void)!machine_run(bench.machine, 6 * CYCLES_PER_MS);
        expect_asleep(&bench);
        bench_reset(&bench);
        expect_awake(&bench);
        bench_expect_clean(&bench);
        bench_close(&bench);
    }
}

/* Whether the device drives the bus when the host has resumed it, but for the moment it takes to
 * notice. */
struct drives {
    struct bench *bench;
    sim_time resumed; /* 0: not yet */
    bool late;
};

static void see_drive(void *owner, const struct observation *seen)
{
    enum { TASK_DPDMDRIVE = 0x40027058, A_MOMENT = 80 };
    struct drives *drives = owner;

    drives->late |= seen->mmio.address == TASK_DPDMDRIVE && drives->resumed &&
                    machine_now(drives->bench->machine) > drives->resumed + A_MOMENT;
}

/* The request of tests/driver/firmware/endpoint-refusals.c: 10 ms later. */
static void resume_after(struct bench *bench, sim_time when, bool frames, struct drives *drives)
{
    const uint8_t wake[8] = {0x40, 2, !frames, 0, 0, 0, 0, 0};

    bench_expect(bench, machine_control(bench->machine, wake, NULL, NULL, PATIENCE) == CONTROL_DONE,
                 "the request is accepted");
    drives->resumed = 0;
    host_suspend(machine_host(bench->machine));
    (void)!machine_run(bench->machine, when);
    drives->resumed = machine_now(bench->machine);
    resume(bench);
    (void)!machine_run(bench->machine, 10 * CYCLES_PER_MS);
    bench_expect(bench, !drives->late, "it drives nothing on a bus that is resumed");
    expect_awake(bench);
    expect_refused(bench, 0, USBD_TOO_LONG); /* it answers */
    expect_refused(bench, 15, USBD_IDLE);    /* and knows that the bus is not suspended */
    bench_expect(bench, (bench_register(bench, INTEN) & SOF) == (frames ? SOF : 0),
                 "frames are told if they are wanted, and no longer because it waits for the host");
    bench_expect_no_finding(bench);
}

/* Before it is asked, while its device starts the crystal, instruction by instruction when that
 * runs, and after. */
static void a_host_that_resumes_the_bus_about_when_it_is_asked_to_is_served(void **state)
{
    enum { FROM = 10500, TO = 12300, STEP = 50, AWAKE_FROM = 10970, AWAKE_TO = 11000, FINE = 12 };
    struct bench bench;
    struct drives drives = {.bench = &bench};

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, "endpoint-refusals", CHOICE_REALISTIC);
    trace_subscribe(machine_trace(bench.machine), TRACE_KIND(MMIO_WRITE), see_drive, &drives);
    struct snapshot *before = machine_save(bench.machine);
    for (unsigned us = FROM; us < TO; us += STEP) {
        machine_restore(bench.machine, before);
        resume_after(&bench, us * CYCLES_PER_US, us / STEP % 2, &drives);
    }
    for (sim_time when = AWAKE_FROM * CYCLES_PER_US; when < AWAKE_TO * CYCLES_PER_US;
         when += FINE) {
        machine_restore(bench.machine, before);
        resume_after(&bench, when, true, &drives);
    }
    snapshot_free(before);
    bench_close(&bench);
}

/* tests/driver/firmware/wakes-host.c */
enum { COUNTS = 0, MASK = 1 };

static void expect_counts(struct bench *bench, uint8_t suspended, uint8_t resumed)
{
    uint8_t counts[2] = {0xff, 0xff};

    bench_expect(bench, bench_read(bench, COUNTS, 0, 2, counts, NULL) == CONTROL_DONE,
                 "the counts are told");
    bench_expect(bench, counts[0] == suspended && counts[1] == resumed, "and right");
}

static void a_device_that_asks_for_it_is_resumed_awake_or_asleep(void **state)
{
    struct bench bench;

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "wakes-host", CHOICE_REALISTIC);
    for (uint8_t i = 0; i < 4; i++) {
        host_suspend(machine_host(bench.machine));
        bench_expect(&bench, !host_can_speak(machine_host(bench.machine)), "it is suspended");
        (void)!machine_run(bench.machine, 50 * CYCLES_PER_MS);
        bench_expect(&bench, host_can_speak(machine_host(bench.machine)), "the host was woken");
        expect_awake(&bench);
        expect_counts(&bench, i + 1, i + 1);
    }
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void see_sleep(void *owner, const struct observation *seen)
{
    unsigned *sleeps = owner;

    *sleeps += seen->mmio.address == LOWPOWER && seen->mmio.value == 1;
}

struct asleep {
    struct bench *bench;
    sim_time since;
};

static void see_asleep(void *owner, const struct observation *seen)
{
    struct asleep *asleep = owner;

    if (seen->mmio.address == LOWPOWER && seen->mmio.value == 1 && !asleep->since)
        asleep->since = machine_now(asleep->bench->machine);
}

/* The thread falls asleep, to ask from there; the interrupt hears of the resume at any instruction
 * of that. */
static void a_host_that_resumes_the_bus_when_its_device_falls_asleep_is_noticed(void **state)
{
    enum { EARLY = 160, LATE = 40, STEP = 3 };
    struct bench bench;
    struct asleep asleep = {.bench = &bench};

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "wakes-host", CHOICE_REALISTIC);
    host_suspend(machine_host(bench.machine));
    struct snapshot *before = machine_save(bench.machine);
    sim_time now = machine_now(bench.machine);
    trace_subscribe(machine_trace(bench.machine), TRACE_KIND(MMIO_WRITE), see_asleep, &asleep);
    (void)!machine_run(bench.machine, 50 * CYCLES_PER_MS);
    bench_expect(&bench, asleep.since > 0, "it falls asleep");
    for (sim_time when = asleep.since - EARLY; when < asleep.since + LATE; when += STEP) {
        machine_restore(bench.machine, before);
        (void)!machine_run(bench.machine, when - now);
        resume(&bench);
        (void)!machine_run(bench.machine, 10 * CYCLES_PER_MS);
        expect_counts(&bench, 1, 1);
        host_suspend(machine_host(bench.machine));
        (void)!machine_run(bench.machine, 50 * CYCLES_PER_MS);
        expect_counts(&bench, 2, 2);
        bench_expect_no_finding(&bench);
    }
    snapshot_free(before);
    bench_close(&bench);
}

static void open_masked(struct bench *bench, unsigned *sleeps)
{
    bench_open_reset(bench, FIRMWARE_DEFAULT, "wakes-host", CHOICE_REALISTIC);
    bench_expect(bench, bench_write(bench, MASK, 0, NULL) == CONTROL_DONE, "it goes deaf");
    trace_subscribe(machine_trace(bench->machine), TRACE_KIND(MMIO_WRITE), see_sleep, sleeps);
}

static void suspend(struct bench *bench)
{
    host_suspend(machine_host(bench->machine));
    (void)!machine_run(bench->machine, 6 * CYCLES_PER_MS);
}

/* It hears of both at once. */
static void a_device_whose_bus_is_resumed_already_does_not_fall_asleep(void **state)
{
    unsigned sleeps = 0;
    struct bench bench;

    (void)state;
    open_masked(&bench, &sleeps);
    suspend(&bench);
    resume(&bench);
    (void)!machine_run(bench.machine, 50 * CYCLES_PER_MS);
    bench_expect(&bench, sleeps == 0, "it never sleeps");
    expect_counts(&bench, 1, 1);
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void a_device_whose_bus_is_reset_already_does_not_fall_asleep(void **state)
{
    unsigned sleeps = 0;
    struct bench bench;

    (void)state;
    open_masked(&bench, &sleeps);
    suspend(&bench);
    bench_reset(&bench);
    expect_counts(&bench, 0, 0);
    bench_expect(&bench, sleeps == 0, "it never sleeps");
    bench_close(&bench);
}

static void a_device_that_has_a_request_to_answer_does_not_fall_asleep(void **state)
{
    unsigned sleeps = 0;
    struct bench bench;

    (void)state;
    open_masked(&bench, &sleeps);
    bench_begin_read(&bench, COUNTS, 0, 2);
    (void)!machine_run(bench.machine, CYCLES_PER_MS);
    host_abandon(machine_host(bench.machine));
    suspend(&bench);
    (void)!machine_run(bench.machine, 60 * CYCLES_PER_MS);
    bench_expect(&bench, sleeps == 0, "it never sleeps");
    resume(&bench);
    expect_counts(&bench, 1, 1);
    bench_expect_clean(&bench);
    bench_close(&bench);
}

/* ---- Off and on --------------------------------------------------------------------------------
 */

/* The bytes moved until then are an odd number: the descriptors read afterwards must be right. */
static void power_cycle(uint16_t odd)
{
    static const uint8_t setup[8] = {0x40, 1, 0, 0, 0, 0, 0, 0};
    struct machine_options options = {.host = HOST_LINUX, .ram_pattern = 0xa5};
    struct bench bench;
    size_t size;

    options.silicon = silicon_of(SILICON_IDEAL);
    options.silicon.answer[UNDOCUMENTED_ODD_BYTES] = ODD_BYTES_SPOIL;
    bench_open_with(&bench, FIRMWARE_DEFAULT, "endpoint-refusals", &options);
    bench_expect(&bench, machine_run(bench.machine, CYCLES_PER_SECOND) == MACHINE_STOP_HOST_DONE,
                 "it is configured");
    for (uint16_t i = 0; i < odd; i++)
        expect_refused(&bench, 0, USBD_TOO_LONG); /* an answer of one byte */
    bench_expect(&bench,
                 machine_control(bench.machine, setup, NULL, NULL, PATIENCE) == CONTROL_DONE,
                 "the request is accepted");
    bench_expect(&bench,
                 machine_run(bench.machine, 2 * CYCLES_PER_SECOND) == MACHINE_STOP_HOST_DONE,
                 "it comes back, and is configured again");
    const uint8_t *bytes = host_device_descriptor(machine_host(bench.machine), &size);
    bench_expect(&bench, size == 18 && bytes[0] == 18 && bytes[10] == 0xff, "with its descriptor");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void stop_at_byte(void *owner, const struct observation *seen)
{
    const struct bench *bench = owner;

    if (seen->dma_open.window.size == 1)
        machine_request_stop(bench->machine);
}

/* Whatever step of the transfer is to come, comes a second later. */
static void hold_dma(struct bench *bench)
{
    static const enum event_id steps[] = {EVENT_DMA_CAPTURE, EVENT_DMA_WORD, EVENT_DMA_END};
    struct scheduler *scheduler = machine_scheduler(bench->machine);

    for (uint16_t channel = 0; channel < 64; channel++) {
        for (unsigned i = 0; i < 3; i++) {
            if (scheduler_cancel(scheduler, steps[i], channel))
                scheduler_add(scheduler, steps[i], channel, CYCLES_PER_SECOND, 0);
        }
    }
}

/* The byte that evens out an odd number of them is the last to be moved. */
static void it_is_not_switched_off_while_easydma_works(void **state)
{
    static const uint8_t cycle[8] = {0x40, 1, 0, 0, 0, 0, 0, 0};
    unsigned held = 0;
    struct bench bench;

    (void)state;
    for (unsigned odd = 0; odd < 2; odd++) {
        open_configured(&bench, FIRMWARE_DEFAULT, "endpoint-refusals", CHOICE_REALISTIC);
        for (unsigned i = 0; i < odd; i++)
            expect_refused(&bench, 0, USBD_TOO_LONG); /* an answer of one byte */
        bench_expect(&bench,
                     machine_control(bench.machine, cycle, NULL, NULL, PATIENCE) == CONTROL_DONE,
                     "the request is accepted");
        trace_subscribe(machine_trace(bench.machine), TRACE_KIND(DMA_OPEN), stop_at_byte, &bench);
        if (machine_run(bench.machine, 8 * CYCLES_PER_MS) == MACHINE_STOP_CONDITION) {
            held++;
            hold_dma(&bench);
            (void)!machine_run(bench.machine, 20 * CYCLES_PER_MS);
            bench_expect(&bench, bench_register(&bench, ENABLE) == 1, "USBD is on");
        }
        bench_close(&bench);
    }
    assert_int_equal(held, 1);
}

static void switched_off_and_on_it_enumerates_again(void **state)
{
    (void)state;
    power_cycle(0);
    power_cycle(1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_misuse_is_refused_in_every_build_and_changes_nothing),
        cmocka_unit_test(a_suspend_in_the_middle_of_data_is_survived_asleep),
        cmocka_unit_test(a_bus_reset_wakes_the_sleeping_device),
        cmocka_unit_test(a_host_that_resumes_the_bus_about_when_it_is_asked_to_is_served),
        cmocka_unit_test(a_device_that_asks_for_it_is_resumed_awake_or_asleep),
        cmocka_unit_test(a_host_that_resumes_the_bus_when_its_device_falls_asleep_is_noticed),
        cmocka_unit_test(a_device_whose_bus_is_resumed_already_does_not_fall_asleep),
        cmocka_unit_test(a_device_whose_bus_is_reset_already_does_not_fall_asleep),
        cmocka_unit_test(a_device_that_has_a_request_to_answer_does_not_fall_asleep),
        cmocka_unit_test(it_is_not_switched_off_while_easydma_works),
        cmocka_unit_test(packets_are_told_to_nobody_who_does_not_want_them),
        cmocka_unit_test(switched_off_and_on_it_enumerates_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
