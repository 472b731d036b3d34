/* SPDX-License-Identifier: Apache-2.0 */
/*
 * USBD: endpoints 1..7 as state machines, each state poked with everything that can happen
 * (PS v1.7, 6.35 USBD: Bulk and interrupt transactions).
 *
 * A state is reached on a fresh bench, and recognised by what host and registers show.
 */
#include "sim/base/compiler.h"
#include "tests/cmocka.h"
#include "tests/periph/usbd_bench.h"

#include <string.h>

enum {
    N = 3, /* the endpoint */
    STARTEPIN = 0x004 + 4 * N,
    STARTEPOUT = 0x028 + 4 * N,
    ENDEPIN = 0x108 + 4 * N,
    ENDEPOUT = 0x130 + 4 * N,
    EPDATASTATUS = 0x46c,
    SIZE_EPOUT = 0x4a0 + 4 * N,
    DTOGGLE = 0x50c,
    EPINEN = 0x510,
    EPOUTEN = 0x514,
    EPSTALL = 0x518,
    MACINDEX = 0x800,
    MACDATA = 0x804,
    ADDRESS_IN = 0x80 | N,
    ADDRESS_OUT = N,
    STALL = 1 << 8,
    DATA0 = 1 << 8,
    SIZE = 5,
};

/* What an event makes of a state. SAME: nothing changes. */
enum { SAME = -1 };

struct cell {
    int answer; /* enum usb_answer of a token; SAME for events that are none */
    int next;   /* state */
};

static void assert_cell(const char *state, const char *event, int got, int expected)
{
    if (got != expected)
        fail_msg("%s, then %s: %d, not %d", state, event, got, expected);
}

/* ---- OUT ---------------------------------------------------------------------------------------
 */

enum out_state { CLOSED, NAKING, ACCEPTING, FULL, STORING, HALTED, OUT_STATES };

static const char *const out_states[] = {"CLOSED", "NAKING",  "ACCEPTING",
                                         "FULL",   "STORING", "HALTED"};

/* The toggle that the device expects next. */
static enum usb_pid expected_pid(struct bench *bench)
{
    poke(bench, DTOGGLE, ADDRESS_OUT);
    return peek(bench, DTOGGLE) & 0x100 ? PID_DATA0 : PID_DATA1;
}

static enum usb_answer out_next(struct bench *bench)
{
    return host_out(bench, N, expected_pid(bench), "bytes", SIZE);
}

static enum usb_answer out_repeated(struct bench *bench)
{
    return host_out(bench, N, expected_pid(bench) == PID_DATA0 ? PID_DATA1 : PID_DATA0, "bytes",
                    SIZE);
}

static struct bench *reach_out(enum out_state state)
{
    void *fresh;
    struct bench *bench;

    bench_on_bus(&fresh);
    bench = fresh;
    if (state > CLOSED)
        poke(bench, EPOUTEN, 1 | 1 << N);
    if (state > NAKING)
        poke(bench, SIZE_EPOUT, 0);
    if (state == FULL || state == STORING)
        assert_int_equal(out_next(bench), USB_ANSWER_ACK);
    if (state == STORING)
        start_out(bench, N, BENCH_BUFFER, SIZE);
    if (state == HALTED)
        poke(bench, EPSTALL, ADDRESS_OUT | STALL);
    return bench;
}

/* FULL when a write to SIZE throws a packet away. */
static bool holds_packet(struct bench *bench)
{
    forget_misuse(bench);
    poke(bench, SIZE_EPOUT, 0);
    return bench->chip->misuses && bench->chip->misuse[0].misuse == MISUSE_OUT_DISCARDED;
}

/* Ends the bench's usefulness: the state is probed. */
static enum out_state out_state_of(struct bench *bench)
{
    uint32_t end = peek(bench, ENDEPOUT);
    enum usb_answer answer = out_next(bench);

    if (answer == USB_ANSWER_NONE)
        return CLOSED;
    if (answer == USB_ANSWER_STALL)
        return HALTED;
    if (answer == USB_ANSWER_ACK)
        return ACCEPTING;
    if (holds_packet(bench))
        return easydma_running(&bench->easydma, bench->usbd.channel + 9 + N) && !end ? STORING
                                                                                     : FULL;
    return NAKING;
}

enum out_event {
    OUT_NEXT,
    OUT_REPEATED,
    OUT_SIZE,
    OUT_START_AND_END,
    OUT_TIME,
    OUT_HALT,
    OUT_CLEAR_HALT,
    OUT_DISABLE,
    OUT_DISABLE_ENABLE,
    OUT_BUS_RESET,
    OUT_EVENTS
};

static const char *const out_events[] = {"OUT with the next toggle",
                                         "OUT repeated",
                                         "SIZE written",
                                         "STARTEPOUT and its end",
                                         "time",
                                         "EPSTALL",
                                         "EPSTALL off",
                                         "EPOUTEN off",
                                         "EPOUTEN off and on",
                                         "a bus reset"};

static int out_event(struct bench *bench, enum out_event event)
{
    switch (event) {
    case OUT_NEXT:
        return (int)out_next(bench);
    case OUT_REPEATED:
        return (int)out_repeated(bench);
    case OUT_SIZE:
        poke(bench, SIZE_EPOUT, 0x55); /* any value */
        break;
    case OUT_START_AND_END:
        start_out(bench, N, BENCH_BUFFER, SIZE);
        pass(bench, 2 * TRANSFER_TIME);
        break;
    case OUT_TIME:
        pass(bench, TRANSFER_TIME);
        break;
    case OUT_HALT:
        poke(bench, EPSTALL, ADDRESS_OUT | STALL);
        break;
    case OUT_CLEAR_HALT:
        poke(bench, EPSTALL, ADDRESS_OUT);
        break;
    case OUT_DISABLE:
    case OUT_DISABLE_ENABLE:
        poke(bench, EPOUTEN, 1);
        if (event == OUT_DISABLE_ENABLE)
            poke(bench, EPOUTEN, 1 | 1 << N);
        break;
    case OUT_BUS_RESET:
        usbd_port.reset_begin(&bench->usbd);
        usbd_port.reset_end(&bench->usbd);
        break;
    case OUT_EVENTS:
        break;
    }
    return SAME;
}

#define TOKEN(answer_, next_)                                                                      \
    {                                                                                              \
        USB_ANSWER_##answer_, next_                                                                \
    }
#define TO(next_)                                                                                  \
    {                                                                                              \
        SAME, next_                                                                                \
    }

static const struct cell out_table[OUT_STATES][OUT_EVENTS] = {
    [CLOSED] = {[OUT_NEXT] = TOKEN(NONE, CLOSED),
                [OUT_REPEATED] = TOKEN(NONE, CLOSED),
                [OUT_SIZE] = TO(CLOSED),
                [OUT_START_AND_END] = TO(CLOSED),
                [OUT_TIME] = TO(CLOSED),
                [OUT_HALT] = TO(CLOSED),
                [OUT_CLEAR_HALT] = TO(CLOSED),
                [OUT_DISABLE] = TO(CLOSED),
                [OUT_DISABLE_ENABLE] = TO(NAKING),
                [OUT_BUS_RESET] = TO(CLOSED)},
    [NAKING] = {[OUT_NEXT] = TOKEN(NAK, NAKING),
                [OUT_REPEATED] = TOKEN(ACK, NAKING), /* and dropped: USB 2.0, 8.6.4 */
                [OUT_SIZE] = TO(ACCEPTING),
                [OUT_START_AND_END] = TO(ACCEPTING),
                [OUT_TIME] = TO(NAKING),
                [OUT_HALT] = TO(HALTED),
                [OUT_CLEAR_HALT] = TO(NAKING),
                [OUT_DISABLE] = TO(CLOSED),
                [OUT_DISABLE_ENABLE] = TO(NAKING),
                [OUT_BUS_RESET] = TO(NAKING)},
    [ACCEPTING] = {[OUT_NEXT] = TOKEN(ACK, FULL),
                   [OUT_REPEATED] = TOKEN(ACK, ACCEPTING),
                   [OUT_SIZE] = TO(ACCEPTING),
                   [OUT_START_AND_END] = TO(ACCEPTING),
                   [OUT_TIME] = TO(ACCEPTING),
                   [OUT_HALT] = TO(HALTED),
                   [OUT_CLEAR_HALT] = TO(ACCEPTING),
                   [OUT_DISABLE] = TO(CLOSED),
                   [OUT_DISABLE_ENABLE] = TO(NAKING),
                   [OUT_BUS_RESET] = TO(NAKING)},
    [FULL] = {[OUT_NEXT] = TOKEN(NAK, FULL),
              [OUT_REPEATED] = TOKEN(ACK, FULL),
              [OUT_SIZE] = TO(ACCEPTING), /* the packet is thrown away */
              [OUT_START_AND_END] = TO(ACCEPTING),
              [OUT_TIME] = TO(FULL),
              [OUT_HALT] = TO(HALTED),
              [OUT_CLEAR_HALT] = TO(FULL),
              [OUT_DISABLE] = TO(CLOSED),
              [OUT_DISABLE_ENABLE] = TO(NAKING),
              [OUT_BUS_RESET] = TO(NAKING)},
    [STORING] = {[OUT_NEXT] = TOKEN(NAK, STORING),
                 [OUT_REPEATED] = TOKEN(ACK, STORING),
                 [OUT_SIZE] = TO(ACCEPTING),          /* in the middle of EasyDMA */
                 [OUT_START_AND_END] = TO(ACCEPTING), /* the second start is lost */
                 [OUT_TIME] = TO(ACCEPTING),
                 [OUT_HALT] = TO(HALTED),
                 [OUT_CLEAR_HALT] = TO(STORING),
                 [OUT_DISABLE] = TO(CLOSED),
                 [OUT_DISABLE_ENABLE] = TO(NAKING),
                 [OUT_BUS_RESET] = TO(NAKING)},
    [HALTED] = {[OUT_NEXT] = TOKEN(STALL, HALTED),
                [OUT_REPEATED] = TOKEN(STALL, HALTED),
                [OUT_SIZE] = TO(HALTED),
                [OUT_START_AND_END] = TO(HALTED),
                [OUT_TIME] = TO(HALTED),
                [OUT_HALT] = TO(HALTED),
                [OUT_CLEAR_HALT] = TO(ACCEPTING), /* as it was before */
                [OUT_DISABLE] = TO(CLOSED),
                [OUT_DISABLE_ENABLE] = TO(HALTED),
                [OUT_BUS_RESET] = TO(NAKING)},
};

static void each_event_finds_an_out_endpoint_in_each_state(void **state)
{
    (void)state;
    for (int from = CLOSED; from < OUT_STATES; from++) {
        for (int event = 0; event < OUT_EVENTS; event++) {
            struct bench *bench = reach_out((enum out_state)from);
            const struct cell *cell = &out_table[from][event];
            int answer = out_event(bench, (enum out_event)event);
            void *used = bench;

            assert_cell(out_states[from], out_events[event], answer, cell->answer);
            assert_cell(out_states[from], out_events[event], (int)out_state_of(bench), cell->next);
            bench_remove(&used);
        }
    }
}

/* ---- IN ----------------------------------------------------------------------------------------
 */

enum in_state { IN_CLOSED, IDLE, FETCHING, ARMED, SENT, IN_HALTED, IN_STATES };

static const char *const in_states[] = {"CLOSED", "IDLE", "FETCHING", "ARMED", "SENT", "HALTED"};

static struct bench *reach_in(enum in_state state)
{
    void *fresh;
    struct bench *bench;

    bench_on_bus(&fresh);
    bench = fresh;
    if (state > IN_CLOSED)
        poke(bench, EPINEN, 1 | 1 << N);
    if (state > IDLE)
        start_in(bench, N, BENCH_BUFFER, SIZE);
    if (state > FETCHING)
        pass(bench, TRANSFER_TIME);
    if (state == SENT)
        assert_int_equal(host_in(bench, N), USB_ANSWER_ACK);
    if (state == IN_HALTED)
        poke(bench, EPSTALL, ADDRESS_IN | STALL);
    return bench;
}

/* SENT when the ACK is what it waits for. */
static bool takes_acknowledge(struct bench *bench)
{
    poke(bench, EPDATASTATUS, 0xffffffff);
    host_ack(bench, N);
    return peek(bench, EPDATASTATUS) == 1 << N;
}

static enum in_state in_state_of(struct bench *bench)
{
    bool sent = takes_acknowledge(bench);
    enum usb_answer answer = host_in(bench, N);

    if (answer == USB_ANSWER_NONE)
        return IN_CLOSED;
    if (answer == USB_ANSWER_STALL)
        return IN_HALTED;
    if (sent)
        return SENT;
    if (answer == USB_ANSWER_ACK)
        return ARMED;
    pass(bench, TRANSFER_TIME);
    return host_in(bench, N) == USB_ANSWER_ACK ? FETCHING : IDLE;
}

enum in_event {
    IN_TOKEN,
    IN_ACK,
    IN_START_AND_END,
    IN_TIME,
    IN_HALT,
    IN_CLEAR_HALT,
    IN_DISABLE,
    IN_DISABLE_ENABLE,
    IN_DISARM,
    IN_BUS_RESET,
    IN_EVENTS
};

static const char *const in_events[] = {
    "IN",          "ACK",        "STARTEPIN and its end", "time",           "EPSTALL",
    "EPSTALL off", "EPINEN off", "EPINEN off and on",     "the disarm bit", "a bus reset"};

static int in_event(struct bench *bench, enum in_event event)
{
    switch (event) {
    case IN_TOKEN:
        return (int)host_in(bench, N);
    case IN_ACK:
        host_ack(bench, N);
        break;
    case IN_START_AND_END:
        start_in(bench, N, BENCH_BUFFER, SIZE);
        pass(bench, 2 * TRANSFER_TIME);
        break;
    case IN_TIME:
        pass(bench, TRANSFER_TIME);
        break;
    case IN_HALT:
        poke(bench, EPSTALL, ADDRESS_IN | STALL);
        break;
    case IN_CLEAR_HALT:
        poke(bench, EPSTALL, ADDRESS_IN);
        break;
    case IN_DISABLE:
    case IN_DISABLE_ENABLE:
        poke(bench, EPINEN, 1);
        if (event == IN_DISABLE_ENABLE)
            poke(bench, EPINEN, 1 | 1 << N);
        break;
    case IN_DISARM:
        poke(bench, MACINDEX, 0x7b6 + 2 * (N - 1));
        poke(bench, MACDATA, peek(bench, MACDATA) | 1 << 1);
        break;
    case IN_BUS_RESET:
        usbd_port.reset_begin(&bench->usbd);
        usbd_port.reset_end(&bench->usbd);
        break;
    case IN_EVENTS:
        break;
    }
    return SAME;
}

static const struct cell in_table[IN_STATES][IN_EVENTS] = {
    [IN_CLOSED] = {[IN_TOKEN] = TOKEN(NONE, IN_CLOSED),
                   [IN_ACK] = TO(IN_CLOSED),
                   [IN_START_AND_END] = TO(IN_CLOSED),
                   [IN_TIME] = TO(IN_CLOSED),
                   [IN_HALT] = TO(IN_CLOSED),
                   [IN_CLEAR_HALT] = TO(IN_CLOSED),
                   [IN_DISABLE] = TO(IN_CLOSED),
                   [IN_DISABLE_ENABLE] = TO(IDLE),
                   [IN_DISARM] = TO(IN_CLOSED),
                   [IN_BUS_RESET] = TO(IN_CLOSED)},
    [IDLE] = {[IN_TOKEN] = TOKEN(NAK, IDLE),
              [IN_ACK] = TO(IDLE),
              [IN_START_AND_END] = TO(ARMED),
              [IN_TIME] = TO(IDLE),
              [IN_HALT] = TO(IN_HALTED),
              [IN_CLEAR_HALT] = TO(IDLE),
              [IN_DISABLE] = TO(IN_CLOSED),
              [IN_DISABLE_ENABLE] = TO(IDLE),
              [IN_DISARM] = TO(IDLE),
              [IN_BUS_RESET] = TO(IDLE)},
    [FETCHING] = {[IN_TOKEN] = TOKEN(NAK, FETCHING),
                  [IN_ACK] = TO(FETCHING),
                  [IN_START_AND_END] = TO(ARMED), /* the second start is lost */
                  [IN_TIME] = TO(ARMED),
                  [IN_HALT] = TO(IN_HALTED),
                  [IN_CLEAR_HALT] = TO(FETCHING),
                  [IN_DISABLE] = TO(IN_CLOSED),
                  [IN_DISABLE_ENABLE] = TO(IDLE), /* its packet is void */
                  [IN_DISARM] = TO(IDLE),
                  [IN_BUS_RESET] = TO(IDLE)},
    [ARMED] = {[IN_TOKEN] = TOKEN(ACK, SENT),
               [IN_ACK] = TO(ARMED),           /* nobody's */
               [IN_START_AND_END] = TO(ARMED), /* with another packet */
               [IN_TIME] = TO(ARMED),
               [IN_HALT] = TO(IN_HALTED),
               [IN_CLEAR_HALT] = TO(ARMED),
               [IN_DISABLE] = TO(IN_CLOSED),
               [IN_DISABLE_ENABLE] = TO(IDLE),
               [IN_DISARM] = TO(IDLE),
               [IN_BUS_RESET] = TO(IDLE)},
    [SENT] = {[IN_TOKEN] = TOKEN(ACK, SENT), /* the ACK was lost: once more */
              [IN_ACK] = TO(IDLE),
              [IN_START_AND_END] = TO(ARMED),
              [IN_TIME] = TO(SENT),
              [IN_HALT] = TO(IN_HALTED),
              [IN_CLEAR_HALT] = TO(SENT),
              [IN_DISABLE] = TO(IN_CLOSED),
              [IN_DISABLE_ENABLE] = TO(IDLE),
              [IN_DISARM] = TO(IDLE),
              [IN_BUS_RESET] = TO(IDLE)},
    [IN_HALTED] = {[IN_TOKEN] = TOKEN(STALL, IN_HALTED),
                   [IN_ACK] = TO(IN_HALTED),
                   [IN_START_AND_END] = TO(IN_HALTED),
                   [IN_TIME] = TO(IN_HALTED),
                   [IN_HALT] = TO(IN_HALTED),
                   [IN_CLEAR_HALT] = TO(ARMED), /* the old packet goes out after all */
                   [IN_DISABLE] = TO(IN_CLOSED),
                   [IN_DISABLE_ENABLE] = TO(IN_HALTED),
                   [IN_DISARM] = TO(IN_HALTED),
                   [IN_BUS_RESET] = TO(IDLE)},
};

static void each_event_finds_an_in_endpoint_in_each_state(void **state)
{
    (void)state;
    for (int from = IN_CLOSED; from < IN_STATES; from++) {
        for (int event = 0; event < IN_EVENTS; event++) {
            struct bench *bench = reach_in((enum in_state)from);
            const struct cell *cell = &in_table[from][event];
            int answer = in_event(bench, (enum in_event)event);
            void *used = bench;

            assert_cell(in_states[from], in_events[event], answer, cell->answer);
            assert_cell(in_states[from], in_events[event], (int)in_state_of(bench), cell->next);
            bench_remove(&used);
        }
    }
}

/* ---- What tables do not show -------------------------------------------------------------------
 */

static void all_seven_endpoints_are_independent(void **state)
{
    struct bench *bench = *state;

    poke(bench, EPINEN, 0xff);
    poke(bench, EPOUTEN, 0xff);
    for (uint8_t n = 1; n < 8; n++) {
        uint8_t byte = (uint8_t)('0' + n);

        poke(bench, 0x4a0 + 4u * n, 0);
        assert_int_equal(host_out(bench, n, PID_DATA0, (const char *)&byte, 1), USB_ANSWER_ACK);
    }
    assert_int_equal(peek(bench, EPDATASTATUS), 0xfe0000);
    for (uint8_t n = 1; n < 8; n++) {
        start_out(bench, n, BENCH_BUFFER, 1);
        pass(bench, TRANSFER_TIME);
        start_in(bench, n, BENCH_BUFFER, 1);
        pass(bench, TRANSFER_TIME);
    }
    for (uint8_t n = 7; n >= 1; n--) {
        assert_int_equal(host_in(bench, n), USB_ANSWER_ACK);
        assert_int_equal(bench->data.bytes[0], '0' + n);
        host_ack(bench, n);
    }
    assert_int_equal(peek(bench, EPDATASTATUS), 0xfe00fe);
    assert_no_misuse(bench);
}

static void in_and_out_of_one_number_are_two_endpoints(void **state)
{
    struct bench *bench = *state;

    poke(bench, EPINEN, 1 | 1 << N);
    poke(bench, EPOUTEN, 1 | 1 << N);
    poke(bench, SIZE_EPOUT, 0);
    poke(bench, EPSTALL, ADDRESS_IN | STALL);
    assert_int_equal(host_in(bench, N), USB_ANSWER_STALL);
    assert_int_equal(out_next(bench), USB_ANSWER_ACK);
    poke(bench, EPOUTEN, 1);
    assert_int_equal(host_in(bench, N), USB_ANSWER_STALL);
    assert_int_equal(out_next(bench), USB_ANSWER_NONE);
}

/* A start that comes too early stores old bytes; the packet behind it is not lost with it. */
static void a_packet_that_arrives_behind_an_empty_start_stays(void **state)
{
    struct bench *bench = *state;

    poke(bench, EPOUTEN, 1 | 1 << N);
    poke(bench, SIZE_EPOUT, 0);
    start_out(bench, N, BENCH_BUFFER, SIZE);
    assert_int_equal(out_next(bench), USB_ANSWER_ACK);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(out_next(bench), USB_ANSWER_NAK);
    assert_true(holds_packet(bench));
}

/* USB 2.0, 9.4.5: the way drivers end a halt. */
static void ending_a_halt_takes_three_writes(void **state)
{
    struct bench *bench = *state;

    poke(bench, EPOUTEN, 1 | 1 << N);
    poke(bench, SIZE_EPOUT, 0);
    out_next(bench);
    poke(bench, EPSTALL, ADDRESS_OUT | STALL);
    poke(bench, DTOGGLE, ADDRESS_OUT | DATA0);
    poke(bench, EPSTALL, ADDRESS_OUT);
    assert_int_equal(host_out(bench, N, PID_DATA0, "x", 1), USB_ANSWER_NAK); /* the old packet */
    poke(bench, SIZE_EPOUT, 0);
    assert_int_equal(host_out(bench, N, PID_DATA0, "x", 1), USB_ANSWER_ACK);
}

static void empty_packets_are_told_too(void **state)
{
    struct bench *bench = *state;

    poke(bench, EPINEN, 1 | 1 << N);
    poke(bench, EPOUTEN, 1 | 1 << N);
    poke(bench, SIZE_EPOUT, 0);
    assert_int_equal(host_out(bench, N, PID_DATA0, NULL, 0), USB_ANSWER_ACK);
    assert_int_equal(peek(bench, EPDATASTATUS), 1 << (16 + N));
    assert_int_equal(peek(bench, SIZE_EPOUT), 0);
    start_out(bench, N, 0, 0);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(peek(bench, ENDEPOUT), 1);
    start_in(bench, N, 0, 0);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(peek(bench, ENDEPIN), 1);
    assert_int_equal(host_in(bench, N), USB_ANSWER_ACK);
    assert_int_equal(bench->data.size, 0);
    host_ack(bench, N);
    assert_int_equal(peek(bench, EPDATASTATUS), 1 << (16 + N) | 1 << N);
    assert_no_misuse(bench);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_on_bus, bench_remove)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_event_finds_an_out_endpoint_in_each_state),
        cmocka_unit_test(each_event_finds_an_in_endpoint_in_each_state),
        TEST(all_seven_endpoints_are_independent),
        TEST(in_and_out_of_one_number_are_two_endpoints),
        TEST(a_packet_that_arrives_behind_an_empty_start_stays),
        TEST(ending_a_halt_takes_three_writes),
        TEST(empty_packets_are_told_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
