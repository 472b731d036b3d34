/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Thread and interrupt handler use the same endpoints (driver/epin.h, epout.h, iso.h, engine.h).
 * What the host does comes a few cycles later each time, so that the handler interrupts the thread
 * everywhere.
 */
#include "driver/status.h"
#include "tests/cmocka.h"
#include "tests/driver/bench.h"

#include <string.h>

/* tests/driver/firmware/two-senders.c */
enum { SEND = 1, HALT = 2, FETCH = 3, STATUS = 4, EMPTY = 5, TAKE = 6 };
enum { ECHO = 1, SHARED = 2, PACKET = 64 };

/* The thread does its job in between, with some time to spare. */
enum { JOB_BEGINS = 7000, JOB_TAKES = 16000, JOB_ENDS = 12000 };

/* A packet takes half of it; the next frame, of which the interrupt would help, begins later. */
enum { SOON = CYCLES_PER_MS / 10 };

static const sim_time PATIENCE = CYCLES_PER_SECOND / 4;

static void open_configured(struct bench *bench, const char *build, enum choice_policy dma)
{
    bench_open(bench, build, "two-senders", HOST_LINUX, dma);
    bench_expect(bench, machine_run(bench->machine, CYCLES_PER_SECOND) == MACHINE_STOP_HOST_DONE,
                 "it is configured");
}

static void await_frame(const struct bench *bench)
{
    enum { FRAMECNTR = 0x40027520 };
    uint32_t frame = bench_register(bench, FRAMECNTR);

    while (bench_register(bench, FRAMECNTR) == frame)
        (void)!machine_run(bench->machine, CYCLES_PER_MS / 64);
}

/* In the first half of a frame, so that its end does not interrupt. */
static void give_job(struct bench *bench, uint8_t job)
{
    await_frame(bench);
    bench_expect(bench, bench_write(bench, job, 0, NULL) == CONTROL_DONE, "the job is accepted");
}

struct told {
    uint8_t thread;
    uint8_t handler;
};

static struct told what_was_told(struct bench *bench)
{
    uint8_t told[2] = {USBD_STATUS_COUNT, USBD_STATUS_COUNT};

    bench_expect(bench, bench_read(bench, STATUS, 0, 2, told, NULL) == CONTROL_DONE,
                 "the status is told");
    return (struct told){.thread = told[0], .handler = told[1]};
}

static uint8_t status_of_thread(struct bench *bench)
{
    return what_was_told(bench).thread;
}

static void write_packet(struct bench *bench, uint8_t letter)
{
    uint8_t packet[PACKET];

    memset(packet, letter, sizeof packet);
    bench_expect(bench,
                 machine_pipe_write(bench->machine, ECHO, packet, sizeof packet, PATIENCE) ==
                     CONTROL_DONE,
                 "a packet is taken");
}

/* The letter all bytes of the next packet are; 0 when none comes. */
static uint8_t read_packet(struct bench *bench, uint8_t endpoint, sim_time patience)
{
    uint8_t packet[PACKET];
    size_t size = sizeof packet;

    if (machine_pipe_read(bench->machine, endpoint, packet, &size, patience) != CONTROL_DONE) {
        host_abandon(machine_host(bench->machine));
        return 0;
    }
    bench_expect(bench, size == sizeof packet, "it is whole");
    for (unsigned i = 1; i < PACKET; i++)
        bench_expect(bench, packet[i] == packet[0], "it is of one sender");
    return packet[0];
}

/* Saves the moment at which the thread has got `job`; comes back to it for each `step` cycles. */
struct moments {
    struct bench *bench;
    struct snapshot *before;
    sim_time when;
    sim_time step;
};

static struct moments moments_of(struct bench *bench, uint8_t job, sim_time step)
{
    give_job(bench, job);
    return (struct moments){
        .bench = bench, .before = machine_save(bench->machine), .when = JOB_BEGINS, .step = step};
}

static bool next_moment(struct moments *moments)
{
    machine_restore(moments->bench->machine, moments->before);
    if (moments->when >= JOB_ENDS) {
        snapshot_free(moments->before);
        return false;
    }
    (void)!machine_run(moments->bench->machine, moments->when);
    moments->when += moments->step;
    return true;
}

/* ---- One endpoint, two senders ------------------------------------------------------------------
 */

static void a_packet_sent_while_another_is_copied_never_mixes_with_it(void **state)
{
    unsigned first[256] = {0};
    struct moments moments;
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, CHOICE_REALISTIC);
    for (moments = moments_of(&bench, SEND, 8); next_moment(&moments);) {
        write_packet(&bench, 'i');
        first[read_packet(&bench, SHARED, PATIENCE)]++;
        (void)read_packet(&bench, SHARED, 2 * CYCLES_PER_MS);
        bench_expect_clean(&bench);
    }
    bench_expect(&bench, first['i'] > 10 && first['t'] > 10, "each is the first now and then");
    bench_close(&bench);
}

static void an_endpoint_is_not_empty_while_its_packet_is_copied(void **state)
{
    struct moments moments;
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, CHOICE_REALISTIC);
    for (moments = moments_of(&bench, SEND, 24); next_moment(&moments);) {
        write_packet(&bench, 'e');
        (void)!machine_run(bench.machine, JOB_TAKES);
        bench_expect(&bench, what_was_told(&bench).handler == USBD_OK, "it is empty or takes none");
    }
    bench_close(&bench);
}

/* EasyDMA has the buffer, or will have it, when the thread goes on copying to it. */
static void an_isochronous_packet_is_not_sent_while_another_is_copied(void **state)
{
    struct moments moments;
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, CHOICE_REALISTIC);
    for (moments = moments_of(&bench, SEND, 8); next_moment(&moments);) {
        write_packet(&bench, 'f');
        bench_expect(&bench, read_packet(&bench, SHARED, PATIENCE) == 't', "the thread sends");
        bench_expect_clean(&bench);
    }
    bench_close(&bench);
}

/* ---- One endpoint, two readers ------------------------------------------------------------------
 */

static void a_packet_that_is_being_taken_is_taken_by_nobody_else(void **state)
{
    struct moments moments;
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, CHOICE_REALISTIC);
    write_packet(&bench, 'k');
    write_packet(&bench, '1');
    for (moments = moments_of(&bench, FETCH, 3); next_moment(&moments);) {
        write_packet(&bench, '2');
        uint8_t first = read_packet(&bench, ECHO, PATIENCE);
        uint8_t second = read_packet(&bench, ECHO, PATIENCE);
        /* The handler may be quicker to send than the thread that fetched before it. */
        bench_expect(&bench, (first == '1' && second == '2') || (first == '2' && second == '1'),
                     "each comes back");
        bench_expect(&bench, read_packet(&bench, ECHO, 3 * SOON) == 0, "and only once");
        bench_expect_clean(&bench);
    }
    bench_close(&bench);
}

/* Until it is sent, at the beginning of a frame. EasyDMA gets it in the next. */
static void send_isochronous(struct bench *bench, uint16_t size)
{
    struct host *host = machine_host(bench->machine);
    struct host_stream stream = {.out = host_pipe(host, 8, false), .size = size};

    stream.out.packet_max = size;
    host_stream(host, &stream);
    while (host_transfer(host) == TRANSFER_BUSY)
        (void)!machine_run(bench->machine, CYCLES_PER_MS / 64);
    bench_expect(bench, host_transfer(host) == TRANSFER_DONE, "a packet goes out");
}

static void leave_isochronous_packet(struct bench *bench)
{
    send_isochronous(bench, PACKET);
    (void)!machine_run(bench->machine, 2 * CYCLES_PER_MS);
}

static void an_isochronous_packet_that_is_being_taken_is_taken_by_nobody_else(void **state)
{
    unsigned busy = 0;
    struct moments moments;
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, CHOICE_REALISTIC);
    leave_isochronous_packet(&bench);
    for (moments = moments_of(&bench, TAKE, 8); next_moment(&moments);) {
        write_packet(&bench, 'o');
        (void)!machine_run(bench.machine, JOB_TAKES);
        struct told told = what_was_told(&bench);
        bench_expect(&bench, (told.thread == USBD_OK) != (told.handler == USBD_OK),
                     "one of them gets it");
        busy += told.handler == USBD_BUSY;
        bench_expect_clean(&bench);
    }
    bench_expect(&bench, busy > 0, "it happens");
    bench_close(&bench);
}

static void see_start(void *owner, const struct observation *seen)
{
    enum { TASK_STARTISOOUT = 0x40027048 };
    unsigned *starts = owner;

    *starts += seen->mmio.address == TASK_STARTISOOUT;
}

static void easydma_works_for_no_frame_without_a_packet(void **state)
{
    unsigned starts = 0;
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, CHOICE_REALISTIC);
    trace_subscribe(machine_trace(bench.machine), TRACE_KIND(MMIO_WRITE), see_start, &starts);
    (void)!machine_run(bench.machine, 3 * CYCLES_PER_MS);
    bench_expect(&bench, starts == 0, "none came");
    leave_isochronous_packet(&bench);
    bench_expect(&bench, starts == 1, "one came");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static uint8_t take_by_thread(struct bench *bench)
{
    give_job(bench, TAKE);
    (void)!machine_run(bench->machine, JOB_TAKES);
    return status_of_thread(bench);
}

/* EasyDMA is slow, and at work for another endpoint when the frame begins, and when it ends it
 * still moves the packet: USB008, and rightly. */
static void a_torn_isochronous_packet_is_given_to_nobody_but_the_next_one_is(void **state)
{
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, CHOICE_LAZY);
    send_isochronous(&bench, 8 * PACKET);
    (void)!machine_run(bench.machine, 58 * (CYCLES_PER_MS / 64));
    write_packet(&bench, 'k');
    (void)!machine_run(bench.machine, 2 * CYCLES_PER_MS);
    bench_expect(&bench, take_by_thread(&bench) == USBD_IDLE, "there is none");
    leave_isochronous_packet(&bench);
    bench_expect(&bench, take_by_thread(&bench) == USBD_OK, "now there is one");
    bench_close(&bench);
}

/* ---- The endpoint is emptied under the thread's hands ------------------------------------------
 */

static void request(struct bench *bench, uint8_t type, uint8_t request, uint8_t value,
                    uint8_t index)
{
    const uint8_t setup[8] = {type, request, value, 0, index, 0, 0, 0};

    bench_expect(bench,
                 machine_control(bench->machine, setup, NULL, NULL, PATIENCE) == CONTROL_DONE,
                 "a request is accepted");
}

static void set_configuration(struct bench *bench)
{
    request(bench, 0, 9, 1, 0);
}

static void halt_and_go_on(struct bench *bench, uint8_t address)
{
    request(bench, 2, 3, 0, address);
    request(bench, 2, 1, 0, address);
}

static void empty(struct bench *bench)
{
    request(bench, 0x40, EMPTY, 0, 0);
}

static void a_packet_that_is_being_copied_is_not_sent_by_an_endpoint_opened_anew(void **state)
{
    unsigned closed = 0;
    struct moments moments;
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, CHOICE_REALISTIC);
    for (moments = moments_of(&bench, SEND, 8); next_moment(&moments);) {
        set_configuration(&bench);
        (void)!machine_run(bench.machine, JOB_TAKES);
        if (status_of_thread(&bench) != USBD_CLOSED)
            continue;
        closed++;
        bench_expect(&bench, read_packet(&bench, SHARED, 2 * CYCLES_PER_MS) == 0, "none comes");
        give_job(&bench, SEND);
        bench_expect(&bench, read_packet(&bench, SHARED, PATIENCE) == 't', "the next one does");
        bench_expect_clean(&bench);
    }
    bench_expect(&bench, closed > 0, "it happens");
    bench_close(&bench);
}

static void see_iso_start(void *owner, const struct observation *seen)
{
    enum { TASK_STARTISOIN = 0x40027024 };
    unsigned *starts = owner;

    *starts += seen->mmio.address == TASK_STARTISOIN;
}

static void an_isochronous_packet_that_is_being_copied_is_forgotten_with_its_endpoint(void **state)
{
    unsigned starts = 0;
    unsigned started_before = 0;
    struct moments moments;
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, CHOICE_REALISTIC);
    trace_subscribe(machine_trace(bench.machine), TRACE_KIND(MMIO_WRITE), see_iso_start, &starts);
    for (moments = moments_of(&bench, SEND, 16); next_moment(&moments);) {
        starts = 0;
        request(&bench, 0, 9, 0, 0);
        started_before += starts;
        starts = 0;
        (void)!machine_run(bench.machine, JOB_TAKES);
        bench_expect(&bench, starts == 0, "EasyDMA is not asked to move it");
    }
    bench_expect(&bench, started_before > 0, "some had been sent before");
    bench_close(&bench);
}

/* EasyDMA is slow. A SETUP waits for the transfer under way and lets the next one begin: so there
 * is one more before the thread's packet. */
static void leave_packet_waiting(struct bench *bench)
{
    open_configured(bench, FIRMWARE_DEFAULT, CHOICE_LAZY);
    give_job(bench, SEND);
    (void)!machine_run(bench->machine, JOB_TAKES);
    write_packet(bench, 'k');
}

static void expect_packet_forgotten(struct bench *bench)
{
    bench_expect(bench, status_of_thread(bench) == USBD_OK, "it had been accepted");
    bench_expect(bench, read_packet(bench, SHARED, 5 * CYCLES_PER_MS) == 0, "none comes");
    bench_expect_clean(bench);
    bench_close(bench);
}

static void a_packet_that_waits_for_easydma_is_forgotten_with_its_endpoint(void **state)
{
    struct bench bench;

    (void)state;
    leave_packet_waiting(&bench);
    set_configuration(&bench);
    expect_packet_forgotten(&bench);
}

static void a_packet_that_waits_for_easydma_is_forgotten_when_its_endpoint_is_halted(void **state)
{
    struct bench bench;

    (void)state;
    leave_packet_waiting(&bench);
    halt_and_go_on(&bench, 0x80 | SHARED);
    expect_packet_forgotten(&bench);
}

/* ---- Packets that nobody took are dropped ------------------------------------------------------
 */

/* One in the buffer, one in the endpoint. */
static void leave_packets(struct bench *bench)
{
    write_packet(bench, 'k');
    write_packet(bench, '1');
    write_packet(bench, '2');
}

static uint8_t fetch_by_thread(struct bench *bench)
{
    give_job(bench, FETCH);
    (void)!machine_run(bench->machine, JOB_TAKES);
    return status_of_thread(bench);
}

static void expect_only_next(struct bench *bench)
{
    write_packet(bench, '3');
    bench_expect(bench, read_packet(bench, ECHO, PATIENCE) == '3', "the next one comes back");
    bench_expect(bench, read_packet(bench, ECHO, 2 * CYCLES_PER_MS) == 0, "and only this one");
    bench_expect_clean(bench);
}

static void packets_that_nobody_took_are_forgotten_with_their_endpoint(void **state)
{
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, CHOICE_REALISTIC);
    leave_packets(&bench);
    set_configuration(&bench);
    halt_and_go_on(&bench, ECHO);
    bench_expect(&bench, fetch_by_thread(&bench) == USBD_IDLE, "there is none");
    expect_only_next(&bench);
    bench_close(&bench);
}

static void packets_dropped_before_are_not_counted_when_their_endpoint_opens_anew(void **state)
{
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, CHOICE_REALISTIC);
    leave_packets(&bench);
    empty(&bench);
    set_configuration(&bench);
    write_packet(&bench, '3');
    bench_expect(&bench, fetch_by_thread(&bench) == USBD_OK, "there is the next one");
    bench_expect(&bench, read_packet(&bench, ECHO, PATIENCE) == '3', "it comes back");
    bench_expect(&bench, read_packet(&bench, ECHO, 2 * CYCLES_PER_MS) == 0, "and only this one");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void packets_that_nobody_took_survive_a_halt(void **state)
{
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, CHOICE_REALISTIC);
    leave_packets(&bench);
    halt_and_go_on(&bench, ECHO);
    bench_expect(&bench, fetch_by_thread(&bench) == USBD_OK, "there is one");
    bench_expect(&bench, read_packet(&bench, ECHO, PATIENCE) == '1', "it comes back");
    bench_expect(&bench, read_packet(&bench, ECHO, PATIENCE) == '2', "so does the next");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void from_an_endpoint_that_was_closed_nothing_is_fetched(void **state)
{
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, CHOICE_REALISTIC);
    leave_packets(&bench);
    request(&bench, 0, 9, 0, 0);
    bench_expect(&bench, fetch_by_thread(&bench) == USBD_CLOSED, "it is closed");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void check_dropped_while_taken(void (*drop)(struct bench *bench), enum choice_policy dma)
{
    unsigned closed = 0;
    struct moments moments;
    struct bench bench;

    open_configured(&bench, FIRMWARE_DEFAULT, dma);
    leave_packets(&bench);
    for (moments = moments_of(&bench, FETCH, 8); next_moment(&moments);) {
        drop(&bench);
        (void)!machine_run(bench.machine, JOB_TAKES);
        if (status_of_thread(&bench) != USBD_CLOSED)
            continue;
        closed++;
        bench_expect(&bench, read_packet(&bench, ECHO, 2 * CYCLES_PER_MS) == 0, "none comes back");
        expect_only_next(&bench);
    }
    bench_expect(&bench, closed > 0, "it happens");
    bench_close(&bench);
}

static void a_packet_that_is_being_taken_is_not_given_when_its_endpoint_opens_anew(void **state)
{
    (void)state;
    check_dropped_while_taken(set_configuration, CHOICE_REALISTIC);
}

static void a_packet_that_is_being_taken_is_not_given_when_its_endpoint_is_emptied(void **state)
{
    (void)state;
    check_dropped_while_taken(empty, CHOICE_LAZY);
}

/* Nobody looks until the next one has arrived too, behind the one that was dropped. */
static void the_next_packet_is_not_dropped_with_one_that_is_being_taken(void **state)
{
    unsigned closed = 0;
    struct moments moments;
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, CHOICE_REALISTIC);
    leave_packets(&bench);
    for (moments = moments_of(&bench, FETCH, 40); next_moment(&moments);) {
        request(&bench, 0x40, EMPTY, 1, 0);
        (void)!machine_run(bench.machine, JOB_TAKES);
        if (status_of_thread(&bench) != USBD_CLOSED)
            continue;
        closed++;
        write_packet(&bench, '3');
        (void)!machine_run(bench.machine, CYCLES_PER_MS);
        (void)fetch_by_thread(&bench);
        bench_expect(&bench, read_packet(&bench, ECHO, PATIENCE) == '3', "it comes back");
        bench_expect_clean(&bench);
    }
    bench_expect(&bench, closed > 0, "it happens");
    bench_close(&bench);
}

/* ---- EasyDMA is kept idle for a moment ---------------------------------------------------------
 */

static void what_is_asked_for_while_easydma_pauses_is_done_afterwards(void **state)
{
    struct moments moments;
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, CHOICE_REALISTIC);
    for (moments = moments_of(&bench, HALT, 3); next_moment(&moments);) {
        write_packet(&bench, 'i');
        bench_expect(&bench, read_packet(&bench, SHARED, SOON) == 'i',
                     "it is sent nevertheless, and not only when the next frame begins");
    }
    bench_expect_clean(&bench);
    bench_close(&bench);
}

/* ---- Nothing but events ------------------------------------------------------------------------
 */

static void the_end_of_a_transfer_is_told_whatever_its_pace(void **state)
{
    static const enum choice_policy policies[] = {CHOICE_REALISTIC, CHOICE_EAGER, CHOICE_LAZY};
    char build[BUILD_NAME_MAX];
    struct bench bench;

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i++) {
        open_configured(&bench, build, policies[i % 3]);
        for (uint8_t letter = 'A'; letter < 'F'; letter++) {
            write_packet(&bench, letter);
            bench_expect(&bench, read_packet(&bench, ECHO, PATIENCE) == letter, "it comes back");
        }
        bench_expect_clean(&bench);
        bench_close(&bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_packet_sent_while_another_is_copied_never_mixes_with_it),
        cmocka_unit_test(an_isochronous_packet_is_not_sent_while_another_is_copied),
        cmocka_unit_test(a_packet_that_is_being_taken_is_taken_by_nobody_else),
        cmocka_unit_test(an_isochronous_packet_that_is_being_taken_is_taken_by_nobody_else),
        cmocka_unit_test(easydma_works_for_no_frame_without_a_packet),
        cmocka_unit_test(a_torn_isochronous_packet_is_given_to_nobody_but_the_next_one_is),
        cmocka_unit_test(a_packet_that_is_being_copied_is_not_sent_by_an_endpoint_opened_anew),
        cmocka_unit_test(an_isochronous_packet_that_is_being_copied_is_forgotten_with_its_endpoint),
        cmocka_unit_test(a_packet_that_waits_for_easydma_is_forgotten_with_its_endpoint),
        cmocka_unit_test(a_packet_that_waits_for_easydma_is_forgotten_when_its_endpoint_is_halted),
        cmocka_unit_test(packets_that_nobody_took_are_forgotten_with_their_endpoint),
        cmocka_unit_test(packets_dropped_before_are_not_counted_when_their_endpoint_opens_anew),
        cmocka_unit_test(an_endpoint_is_not_empty_while_its_packet_is_copied),
        cmocka_unit_test(packets_that_nobody_took_survive_a_halt),
        cmocka_unit_test(from_an_endpoint_that_was_closed_nothing_is_fetched),
        cmocka_unit_test(a_packet_that_is_being_taken_is_not_given_when_its_endpoint_opens_anew),
        cmocka_unit_test(a_packet_that_is_being_taken_is_not_given_when_its_endpoint_is_emptied),
        cmocka_unit_test(the_next_packet_is_not_dropped_with_one_that_is_being_taken),
        cmocka_unit_test(what_is_asked_for_while_easydma_pauses_is_done_afterwards),
        cmocka_unit_test(the_end_of_a_transfer_is_told_whatever_its_pace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
