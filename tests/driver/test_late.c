/* SPDX-License-Identifier: Apache-2.0 */
/* What the driver does when the next SETUP is there before the last one was dealt with. */
#include "driver/usbd.h"
#include "tests/cmocka.h"
#include "tests/driver/bench.h"

#include <string.h>

/* firmware/ep0-late.c */
enum {
    REPORT = 0,
    LATE_PACKET = 1,
    MIDDLE_PACKET = 2,
    LAST_PACKET = 3,
    LATE_STALL = 4,
    LATE_ACCEPT = 5,
    EARLY_OUT_END = 6,
    LATE_OUT_END = 7,
    SLOW_PACKET = 8,
    LAST_AND_BULK = 9,
    OTHER_PACKET = 10,
    SLOW_OUT = 11,
    LATE_OUT = 12,
    STALL_AWAITING = 13,
    STALL_RECEIVING = 14,
};

enum {
    WRITE = 1,
    READ = 2,
    SLOW_PATTERN = 6,
    SLOW_WRITE = 7
}; /* tests/driver/firmware/control-echo.c */

struct report {
    uint8_t status;
    uint8_t events;
    uint8_t event[2];
};

static struct report fetch_report(struct bench *bench)
{
    uint8_t data[64] = {0};
    size_t size = 0;

    bench_expect(bench, bench_read(bench, REPORT, 0, sizeof data, data, &size) == CONTROL_DONE,
                 "the next request is answered");
    bench_expect(bench, size == sizeof(struct report), "with its own bytes, not the old ones");
    return (struct report){data[0], data[1], {data[2], data[3]}};
}

/* The host asks, does not wait for an end, and asks for the report instead. */
static struct report ask_and_go_on(const char *build, enum choice_policy dma, uint8_t request,
                                   uint16_t length)
{
    struct bench bench;
    struct report report;

    bench_open_reset(&bench, build, "ep0-late", dma);
    bench_begin_read(&bench, request, 0, length);
    (void)!machine_run(bench.machine, CYCLES_PER_MS);
    host_abandon(machine_host(bench.machine));
    report = fetch_report(&bench);
    bench_expect_no_finding(&bench);
    bench_close(&bench);
    return report;
}

static void a_packet_started_too_late_does_not_answer_the_next_request(void **state)
{
    char build[BUILD_NAME_MAX];

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i++) {
        assert_int_equal(ask_and_go_on(build, CHOICE_REALISTIC, LATE_PACKET, 64).status, USBD_IDLE);
        assert_int_equal(ask_and_go_on(build, CHOICE_LAZY, LATE_PACKET, 64).status, USBD_IDLE);
    }
}

/*
 * The host misses the ACK of a SETUP and sends it again, while the firmware is about to answer the
 * first one: the answer may go out for the second. In some build it is started just then.
 */
static void a_setup_that_is_sent_again_gets_one_answer(void **state)
{
    const struct machine_options options = {.host = HOST_SCRIPT,
                                            .host_script =
                                                "tests/driver/conversations/setup-again.usb",
                                            .dma = CHOICE_LAZY};
    char build[BUILD_NAME_MAX];

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i++) {
        struct bench bench;

        bench_open_with(&bench, build, "usb-5", &options);
        if (machine_run(bench.machine, 10 * CYCLES_PER_SECOND) != MACHINE_STOP_HOST_DONE)
            bench_expect(&bench, false, host_reason(machine_host(bench.machine)));
        bench_expect_clean(&bench);
        bench_close(&bench);
    }
}

/* A host and an EasyDMA that do everything at once: the packet may be gone before the SETUP is
 * read. */
static uint32_t quick(void *owner, struct chooser *chooser, const struct choice *choice)
{
    (void)owner;
    (void)chooser;
    return choice->lowest;
}

static void expect_same_answer(struct bench *bench)
{
    uint8_t data[64] = {0};
    size_t size = 0;

    bench_expect(bench, bench_read(bench, SLOW_PACKET, 0, sizeof data, data, &size) == CONTROL_DONE,
                 "the same request is answered");
    bench_expect(bench, size == sizeof data && data[0] == 0xdd && data[63] == 0,
                 "with the same bytes");
}

/* One stall tells the host that something went wrong; then all is well again. */
static size_t read_at_last(struct bench *bench, uint8_t request, uint16_t length, uint8_t *data)
{
    size_t size = 0;
    enum control_result result = bench_read(bench, request, 0, length, data, &size);

    if (result == CONTROL_STALLED)
        result = bench_read(bench, request, 0, length, data, &size);
    bench_expect(bench, result == CONTROL_DONE, "the request is answered");
    return size;
}

static void expect_shorter_answer(struct bench *bench)
{
    uint8_t data[64] = {0};

    bench_expect(bench, read_at_last(bench, REPORT, 64, data) == sizeof(struct report),
                 "with its own bytes, not the old ones");
}

static void expect_similar_answer(struct bench *bench)
{
    uint8_t data[64] = {0};

    bench_expect(bench, read_at_last(bench, OTHER_PACKET, 64, data) == 64 && data[0] == 0xee,
                 "with its own bytes, not the old ones");
}

/* The packet is started a little later each time, from before to behind the next SETUP. */
static void expect_answers_of(const char *program, uint8_t request, uint8_t late_packet,
                              void (*expect)(struct bench *bench))
{
    enum { DELAYS = 120, NEXT_SETUP = 1000 };
    const struct machine_options options = {
        .host = HOST_MANUAL, .silicon = {.answer = {[UNDOCUMENTED_LATE_PACKET] = late_packet}}};
    struct bench bench;

    bench_open_with(&bench, FIRMWARE_DEFAULT, program, &options);
    bench_reset(&bench);
    machine_chooser(bench.machine)->oracle = quick;
    struct snapshot *before = machine_save(bench.machine);
    for (uint16_t delay = 0; delay < DELAYS; delay++) {
        machine_restore(bench.machine, before);
        bench_begin_read(&bench, request, delay, 128);
        (void)!machine_run(bench.machine, NEXT_SETUP);
        host_abandon(machine_host(bench.machine));
        expect(&bench);
        bench_expect_no_finding(&bench);
    }
    snapshot_free(before);
    bench_close(&bench);
}

static void expect_answers(uint8_t late_packet, void (*expect)(struct bench *bench))
{
    expect_answers_of("ep0-late", SLOW_PACKET, late_packet, expect);
}

static void expect_long_answer(struct bench *bench)
{
    uint8_t data[128] = {0};
    size_t size = 0;

    bench_expect(bench,
                 bench_read(bench, SLOW_PATTERN, 0, sizeof data, data, &size) == CONTROL_DONE,
                 "the same request is answered");
    bench_expect(bench, size == sizeof data, "with all its bytes");
    for (unsigned i = 0; i < sizeof data; i++)
        bench_expect(bench, data[i] == i + 1, "every byte is right");
}

/* All bytes have been sent, and nothing but the status stage is left. */
static void expect_half_answer(struct bench *bench)
{
    uint8_t data[64] = {0};
    size_t size = 0;

    bench_expect(bench,
                 bench_read(bench, SLOW_PATTERN, 0, sizeof data, data, &size) == CONTROL_DONE,
                 "half of it is asked for, and that ends well");
    bench_expect(bench, size == sizeof data && data[63] == 64, "with all its bytes");
}

static void an_answer_of_two_packets_asked_for_again_is_whole_whenever_that_comes(void **state)
{
    (void)state;
    expect_answers_of("control-echo", SLOW_PATTERN, 0, expect_long_answer);
    expect_answers_of("control-echo", SLOW_PATTERN, 0, expect_half_answer);
}

static void an_answer_never_goes_to_another_request_whenever_that_comes(void **state)
{
    (void)state;
    expect_answers(0, expect_shorter_answer);
    expect_answers(LATE_PACKET_SENT, expect_shorter_answer);
    expect_answers(0, expect_similar_answer);
}

static uint32_t first_word; /* cycles from the start to the first word */

static uint32_t slow_easydma(void *owner, struct chooser *chooser, const struct choice *choice)
{
    (void)owner;
    (void)chooser;
    return choice->point == CHOICE_DMA_FIRST_WORD ? first_word : choice->lowest;
}

/* EasyDMA ends a little later each time, from before to behind the token that fetches the packet.
 */
static void a_packet_whose_dma_ends_just_before_a_token_goes_to_no_other_request(void **state)
{
    enum { NEXT_SETUP = 1000, FROM = 1200, TO = 2400, STEP = 6 };
    const struct machine_options options = {
        .host = HOST_MANUAL,
        .silicon = {.answer = {[UNDOCUMENTED_LATE_PACKET] = LATE_PACKET_SENT}}};
    struct bench bench;

    (void)state;
    bench_open_with(&bench, FIRMWARE_DEFAULT, "ep0-late", &options);
    bench_reset(&bench);
    machine_chooser(bench.machine)->oracle = slow_easydma;
    struct snapshot *before = machine_save(bench.machine);
    for (first_word = FROM; first_word < TO; first_word += STEP) {
        machine_restore(bench.machine, before);
        bench_begin_read(&bench, LAST_PACKET, 0, 64);
        (void)!machine_run(bench.machine, NEXT_SETUP);
        host_abandon(machine_host(bench.machine));
        expect_shorter_answer(&bench);
        bench_expect_no_finding(&bench);
    }
    snapshot_free(before);
    bench_close(&bench);
}

static void a_request_asked_again_is_answered_whenever_it_comes(void **state)
{
    (void)state;
    expect_answers(0, expect_same_answer);
    expect_answers(LATE_PACKET_SENT, expect_same_answer);
}

static void begin_slow_write(struct bench *bench, uint8_t request, uint8_t delay)
{
    const uint8_t setup[8] = {0x40, request, delay, 0, 0, 0, 64, 0};
    uint8_t data[64] = {0};

    host_control(machine_host(bench->machine), setup, data);
}

static void expect_written(struct bench *bench, uint8_t byte)
{
    uint8_t data[64];
    uint8_t back[64] = {0};
    size_t size = 0;

    memset(data, byte, sizeof data);
    bench_expect(bench, bench_write(bench, WRITE, sizeof data, data) == CONTROL_DONE,
                 "the next write ends well");
    bench_expect(bench, bench_read(bench, READ, 0, 64, back, &size) == CONTROL_DONE, "it is read");
    bench_expect(bench, size == sizeof data && memcmp(data, back, size) == 0, "and right");
}

/* EP0RCVOUT comes a little later each time, from before to behind the next SETUP: that request's
 * packet may be let in by it. */
static void a_packet_let_in_for_the_request_before_is_not_lost(void **state)
{
    enum { DELAYS = 120, NEXT_SETUP = 1000 };
    struct bench bench;

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "control-echo", CHOICE_REALISTIC);
    machine_chooser(bench.machine)->oracle = quick;
    struct snapshot *before = machine_save(bench.machine);
    for (uint8_t delay = 0; delay < DELAYS; delay++) {
        machine_restore(bench.machine, before);
        begin_slow_write(&bench, SLOW_WRITE, delay);
        (void)!machine_run(bench.machine, NEXT_SETUP);
        host_abandon(machine_host(bench.machine));
        expect_written(&bench, 0x5a);
        expect_written(&bench, 0xa5);
        bench_expect_no_finding(&bench);
    }
    snapshot_free(before);
    bench_close(&bench);
}

/* What the event of a packet to the host leaves behind, whatever there was before that. */
static void the_event_of_an_in_packet_is_not_taken_for_an_out_packet(void **state)
{
    enum { DELAYS = 120, NEXT_SETUP = 1000 };
    uint8_t data[64] = {1, 2, 3};
    struct bench bench;

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "ep0-late", CHOICE_REALISTIC);
    machine_chooser(bench.machine)->oracle = quick;
    struct snapshot *before = machine_save(bench.machine);
    for (uint8_t delay = 0; delay < DELAYS; delay++) {
        machine_restore(bench.machine, before);
        begin_slow_write(&bench, SLOW_OUT, delay);
        (void)!machine_run(bench.machine, NEXT_SETUP);
        host_abandon(machine_host(bench.machine));
        bench_begin_read(&bench, LAST_PACKET, 0, 64);
        (void)!machine_run(bench.machine, CYCLES_PER_MS);
        host_abandon(machine_host(bench.machine));
        bench_expect(&bench, bench_write(&bench, EARLY_OUT_END, sizeof data, data) == CONTROL_DONE,
                     "the write ends well");
        bench_expect_no_finding(&bench);
    }
    snapshot_free(before);
    bench_close(&bench);
}

static void the_end_of_a_middle_packet_is_not_told_after_a_setup(void **state)
{
    struct report report;

    (void)state;
    report = ask_and_go_on(FIRMWARE_DEFAULT, CHOICE_REALISTIC, MIDDLE_PACKET, 128);
    assert_int_equal(report.status, USBD_OK);
    assert_int_equal(report.events, 1);
    assert_int_equal(report.event[0], USBD_EVENT_SETUP);
}

static void the_end_of_a_last_packet_is_told_before_the_setup_behind_it(void **state)
{
    struct report report;

    (void)state;
    report = ask_and_go_on(FIRMWARE_DEFAULT, CHOICE_REALISTIC, LAST_PACKET, 64);
    assert_int_equal(report.status, USBD_OK);
    assert_int_equal(report.events, 2);
    assert_int_equal(report.event[0], USBD_EVENT_DATA_DONE);
    assert_int_equal(report.event[1], USBD_EVENT_SETUP);
}

/* EasyDMA begins with another endpoint's packet when the SETUP is there already. */
static void a_packet_of_another_endpoint_changes_nothing_about_that_and_is_sent(void **state)
{
    const struct host_pipe pipe = {.endpoint = 1, .packet_max = 64};
    struct report report;
    struct bench bench;
    size_t size;

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "ep0-late", CHOICE_REALISTIC);
    bench_begin_read(&bench, LAST_AND_BULK, 0, 64);
    (void)!machine_run(bench.machine, CYCLES_PER_MS);
    host_abandon(machine_host(bench.machine));
    report = fetch_report(&bench);
    assert_int_equal(report.status, USBD_OK);
    assert_int_equal(report.event[0], USBD_EVENT_DATA_DONE);
    host_pipe_read(machine_host(bench.machine), &pipe, 1);
    (void)!machine_run(bench.machine, CYCLES_PER_MS);
    bench_expect(&bench, host_transfer(machine_host(bench.machine)) == TRANSFER_DONE,
                 "the other packet comes");
    bench_expect(&bench, *host_transfer_data(machine_host(bench.machine), &size) == 0xdd,
                 "with its byte");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void a_stall_that_comes_too_late_is_refused(void **state)
{
    (void)state;
    assert_int_equal(ask_and_go_on(FIRMWARE_DEFAULT, CHOICE_REALISTIC, LATE_STALL, 64).status,
                     USBD_IDLE);
}

static void an_accept_that_comes_too_late_is_refused(void **state)
{
    (void)state;
    assert_int_equal(ask_and_go_on(FIRMWARE_DEFAULT, CHOICE_REALISTIC, LATE_ACCEPT, 64).status,
                     USBD_IDLE);
}

static void see_accept(void *owner, const struct observation *seen)
{
    enum { TASK_EP0RCVOUT = 0x4002704c };
    unsigned *accepts = owner;

    *accepts += seen->mmio.address == TASK_EP0RCVOUT;
}

static void an_out_packet_that_is_let_in_too_late_is_refused(void **state)
{
    unsigned accepts = 0;
    struct bench bench;

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "ep0-late", CHOICE_REALISTIC);
    trace_subscribe(machine_trace(bench.machine), TRACE_KIND(MMIO_WRITE), see_accept, &accepts);
    bench_begin_read(&bench, LATE_OUT, 0, 64);
    (void)!machine_run(bench.machine, CYCLES_PER_MS);
    host_abandon(machine_host(bench.machine));
    assert_int_equal(fetch_report(&bench).status, USBD_IDLE);
    assert_int_equal(accepts, 0);
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void a_stall_in_the_middle_of_an_out_packet_is_refused(void **state)
{
    static const uint8_t requests[] = {STALL_AWAITING, STALL_RECEIVING};
    uint8_t data[64] = {1, 2, 3};
    struct bench bench;

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        bench_open_reset(&bench, FIRMWARE_DEFAULT, "ep0-late", CHOICE_REALISTIC);
        bench_expect(&bench, bench_write(&bench, requests[i], sizeof data, data) == CONTROL_DONE,
                     "the write ends well");
        bench_expect(&bench, fetch_report(&bench).status == USBD_BUSY, "the stall is refused");
        bench_expect_clean(&bench);
        bench_close(&bench);
    }
}

static void silence_is_told_to_nobody_who_does_not_watch_the_bus(void **state)
{
    uint8_t data[64];
    struct report report;
    struct bench bench;

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "ep0-late", CHOICE_REALISTIC);
    bench_expect(&bench, bench_read(&bench, SLOW_PACKET, 0, 64, data, NULL) == CONTROL_DONE,
                 "a request is answered");
    host_suspend(machine_host(bench.machine));
    (void)!machine_run(bench.machine, 6 * CYCLES_PER_MS);
    host_resume(machine_host(bench.machine));
    (void)!machine_run(bench.machine, 50 * CYCLES_PER_MS);
    report = fetch_report(&bench);
    assert_int_equal(report.event[0], USBD_EVENT_DATA_DONE);
    assert_int_equal(report.event[1], USBD_EVENT_SETUP);
    bench_close(&bench);
}

static void an_early_end_of_an_out_packet_is_refused(void **state)
{
    uint8_t data[64] = {1, 2, 3};
    char build[BUILD_NAME_MAX];
    struct bench bench;

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i++) {
        bench_open_reset(&bench, build, "ep0-late", CHOICE_REALISTIC);
        bench_expect(&bench, bench_write(&bench, EARLY_OUT_END, sizeof data, data) == CONTROL_DONE,
                     "the write ends well");
        bench_expect(&bench, fetch_report(&bench).status == USBD_NOT_DONE, "the end is refused");
        bench_expect_clean(&bench);
        bench_close(&bench);
    }
}

static void the_end_of_an_out_packet_is_not_told_after_a_setup(void **state)
{
    struct bench bench;
    struct report report;

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "ep0-late", CHOICE_REALISTIC);
    bench_begin_write(&bench, LATE_OUT_END, 60);
    (void)!machine_run(bench.machine, CYCLES_PER_MS);
    host_abandon(machine_host(bench.machine));
    report = fetch_report(&bench);
    assert_int_equal(report.events, 2);
    assert_int_equal(report.event[0], USBD_EVENT_DATA_DONE);
    assert_int_equal(report.event[1], USBD_EVENT_SETUP);
    bench_expect_clean(&bench);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_packet_started_too_late_does_not_answer_the_next_request),
        cmocka_unit_test(a_setup_that_is_sent_again_gets_one_answer),
        cmocka_unit_test(an_answer_never_goes_to_another_request_whenever_that_comes),
        cmocka_unit_test(an_answer_of_two_packets_asked_for_again_is_whole_whenever_that_comes),
        cmocka_unit_test(a_packet_whose_dma_ends_just_before_a_token_goes_to_no_other_request),
        cmocka_unit_test(a_request_asked_again_is_answered_whenever_it_comes),
        cmocka_unit_test(a_packet_let_in_for_the_request_before_is_not_lost),
        cmocka_unit_test(the_event_of_an_in_packet_is_not_taken_for_an_out_packet),
        cmocka_unit_test(the_end_of_a_middle_packet_is_not_told_after_a_setup),
        cmocka_unit_test(the_end_of_a_last_packet_is_told_before_the_setup_behind_it),
        cmocka_unit_test(a_packet_of_another_endpoint_changes_nothing_about_that_and_is_sent),
        cmocka_unit_test(a_stall_that_comes_too_late_is_refused),
        cmocka_unit_test(an_accept_that_comes_too_late_is_refused),
        cmocka_unit_test(an_out_packet_that_is_let_in_too_late_is_refused),
        cmocka_unit_test(silence_is_told_to_nobody_who_does_not_watch_the_bus),
        cmocka_unit_test(a_stall_in_the_middle_of_an_out_packet_is_refused),
        cmocka_unit_test(an_early_end_of_an_out_packet_is_refused),
        cmocka_unit_test(the_end_of_an_out_packet_is_not_told_after_a_setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
