/* SPDX-License-Identifier: Apache-2.0 */
/* UARTE and UART, poked without a CPU (PS v1.7, 6.33 and 6.34). Offsets are typed as numbers. */
#include "sim/base/compiler.h"
#include "sim/periph/uart.h"
#include "sim/periph/uarte.h"
#include "tests/cmocka.h"
#include "tests/periph/serial_bench.h"

#include <stdio.h>
#include <string.h>

/* 1 Mbaud: 64 cycles a bit, 640 a byte. */
enum { BASE = 0x40002000, BASE1 = 0x40028000, BYTE = 640, LINE = 2 };
enum { BAUD_1M = 0x10000000, BAUD_115200 = 0x01d60000 };

enum { /* offsets */
       STARTRX = 0x000,
       STOPRX = 0x004,
       STARTTX = 0x008,
       STOPTX = 0x00c,
       FLUSHRX = 0x02c,
       RXDRDY = 0x108,
       ENDRX = 0x110,
       TXDRDY = 0x11c,
       ENDTX = 0x120,
       ERROR = 0x124,
       RXTO = 0x144,
       RXSTARTED = 0x14c,
       TXSTARTED = 0x150,
       TXSTOPPED = 0x158,
       RX = 0x534, /* PTR, MAXCNT, AMOUNT */
       TX = 0x544,
};

struct bench {
    struct serial_bench *serial;
    struct uarte uarte[2];
    struct uart uart;
};

static struct bench bench;

static void power_up(const char *line0, const char *line1)
{
    const struct board_options options = {.port = {[PORT_UART0] = line0, [PORT_UART1] = line1}};

    bench.serial = serial_bench_new(&options, BASE);
    uarte_init(&bench.uarte[0], &bench.serial->chip->fabric, &uarte_spec[0]);
    uarte_init(&bench.uarte[1], &bench.serial->chip->fabric, &uarte_spec[1]);
    uart_init(&bench.uart, &bench.serial->chip->fabric, &uart_spec);
}

static int tear_down(void **state)
{
    (void)state;
    serial_bench_free(bench.serial);
    return 0;
}

static uint32_t read_at(uint32_t offset)
{
    return serial_read(bench.serial, offset);
}

static void write_at(uint32_t offset, uint32_t value)
{
    serial_write(bench.serial, offset, value);
}

static unsigned misuses(void)
{
    return bench.serial->chip->misuses;
}

static uint8_t *ram(uint32_t offset)
{
    return serial_ram(bench.serial, SERIAL_BUFFER + offset);
}

/* Pins, 1 Mbaud, ENABLE. */
static void enable(uint32_t block)
{
    write_at(0x50c, 6); /* PSEL.TXD */
    write_at(0x514, 8); /* PSEL.RXD */
    write_at(0x524, BAUD_1M);
    write_at(0x500, block);
}

static int loopback(void **state)
{
    (void)state;
    power_up("loopback", NULL);
    enable(8);
    return 0;
}

static int console(void **state)
{
    (void)state;
    power_up(NULL, NULL);
    enable(8);
    return 0;
}

static int untouched(void **state)
{
    (void)state;
    power_up(NULL, NULL);
    return 0;
}

static void describe(uint32_t descriptor, guest_addr ptr, uint32_t maxcnt)
{
    write_at(descriptor, ptr);
    write_at(descriptor + 4, maxcnt);
}

static void send(const char *text)
{
    memcpy(ram(0), text, strlen(text));
    describe(TX, SERIAL_BUFFER, (uint32_t)strlen(text));
    write_at(STARTTX, 1);
}

static void receive(uint32_t at, uint32_t maxcnt)
{
    describe(RX, SERIAL_BUFFER + at, maxcnt);
    write_at(STARTRX, 1);
}

/* ---- Transmitter ----------------------------------------------------------------------------- */

static void registers_reset_to_the_values_of_the_manual(void **state)
{
    (void)state;
    assert_int_equal(read_at(0x500), 0);
    assert_int_equal(read_at(0x508), 0xffffffff);
    assert_int_equal(read_at(0x50c), 0xffffffff);
    assert_int_equal(read_at(0x510), 0xffffffff);
    assert_int_equal(read_at(0x514), 0xffffffff);
    assert_int_equal(read_at(0x524), 0x04000000);
    assert_int_equal(read_at(0x56c), 0);
}

static void what_is_sent_appears_on_the_console(void **state)
{
    (void)state;
    send("hello\n");
    serial_pass(bench.serial, 10 * BYTE);
    assert_int_equal(bench.serial->printed, 6);
    assert_memory_equal(bench.serial->console, "hello\n", 6);
    assert_int_equal(read_at(TX + 8), 6);
    assert_int_equal(read_at(ENDTX), 1);
    assert_int_equal(read_at(TXDRDY), 1);
    assert_int_equal(read_at(TXSTARTED), 1);
    assert_int_equal(read_at(TXSTOPPED), 0);
    assert_int_equal(misuses(), 0);
}

static void a_byte_takes_its_ten_bits(void **state)
{
    (void)state;
    send("0123456789");
    serial_pass_until(bench.serial, TXDRDY, 10000);
    write_at(TXDRDY, 0);
    assert_in_range(serial_pass_until(bench.serial, TXDRDY, 10000), BYTE - 2, BYTE + 2);
    write_at(TXDRDY, 0);
    write_at(0x56c, 0x0e | 0x10); /* even parity, two stop bits: from the next byte on */
    serial_pass_until(bench.serial, TXDRDY, 10000);
    write_at(TXDRDY, 0);
    assert_in_range(serial_pass_until(bench.serial, TXDRDY, 10000), 12 * 64 - 2, 12 * 64 + 2);
}

static uint32_t told; /* bytes of the buffer that are the CPU's again, as the checker hears */

static void hear(void *owner, const struct observation *seen)
{
    (void)owner;
    told = seen->dma_close.amount;
}

static void txdrdy_tells_of_the_bytes_sent_since_it_was_clear(void **state)
{
    (void)state;
    told = 0;
    trace_subscribe(&bench.serial->chip->trace, TRACE_KIND(DMA_KNOWN), hear, NULL);
    send("abc");
    serial_pass_until(bench.serial, TXDRDY, 10000);
    (void)read_at(TXDRDY);
    assert_int_equal(told, 1);
    serial_pass(bench.serial, BYTE); /* b is sent, and the event was set all the time */
    (void)read_at(TXDRDY);
    assert_int_equal(told, 1);
    write_at(TXDRDY, 0);
    serial_pass_until(bench.serial, TXDRDY, 10000);
    (void)read_at(TXDRDY);
    assert_int_equal(told, 3);
}

static void txdrdy_from_before_tells_nothing(void **state)
{
    (void)state;
    send("a");
    serial_pass_until(bench.serial, ENDTX, 10000);
    (void)read_at(ENDTX);
    told = 0;
    trace_subscribe(&bench.serial->chip->trace, TRACE_KIND(DMA_KNOWN), hear, NULL);
    send("b");
    serial_pass(bench.serial, 2 * BYTE);
    (void)read_at(TXDRDY);
    assert_int_equal(told, 0);
}

static void at_115200_baud_a_byte_takes_87_us(void **state)
{
    sim_time began;

    (void)state;
    write_at(0x524, BAUD_115200);
    began = bench.serial->chip->scheduler.state.now;
    send("0123456789");
    serial_pass_until(bench.serial, ENDTX, 100000);
    /* 100 bits of 8.68 us, 64 cycles a us */
    assert_in_range(bench.serial->chip->scheduler.state.now - began, 55550, 56200);
}

static void each_byte_is_read_from_ram_just_before_it_is_sent(void **state)
{
    (void)state;
    send("aaaa");
    serial_pass(bench.serial, 8 + 64 + BYTE / 2); /* one on the wire, one fetched */
    memcpy(ram(0), "bbbb", 4);
    serial_pass(bench.serial, 5 * BYTE);
    assert_memory_equal(bench.serial->console, "aabb", 4);
}

static void stoptx_ends_the_transfer_at_a_byte_boundary(void **state)
{
    (void)state;
    send("0123456789");
    serial_pass(bench.serial, 3 * BYTE);
    write_at(STOPTX, 1);
    assert_false(serial_is_set(bench.serial, TXSTOPPED));
    serial_pass_until(bench.serial, TXSTOPPED, 3 * BYTE);
    assert_int_equal(read_at(ENDTX), 1);
    assert_in_range(read_at(TX + 8), 3, 5);
    assert_int_equal(bench.serial->printed, read_at(TX + 8));
    serial_pass(bench.serial, 10 * BYTE);
    assert_int_equal(bench.serial->printed, read_at(TX + 8));
}

static void stoptx_of_an_idle_transmitter_says_stopped(void **state)
{
    (void)state;
    write_at(STOPTX, 1);
    assert_int_equal(read_at(TXSTOPPED), 1);
    assert_int_equal(read_at(ENDTX), 0);
}

static void stoptx_right_behind_starttx_sends_nothing(void **state)
{
    (void)state;
    send("0123");
    write_at(STOPTX, 1);
    serial_pass(bench.serial, 10 * BYTE);
    assert_int_equal(read_at(TX + 8), 0);
    assert_int_equal(read_at(TXSTOPPED), 1);
    assert_int_equal(bench.serial->printed, 0);
}

static void txstopped_tells_the_end_of_the_transfer_too(void **state)
{
    (void)state;
    send("01");
    serial_pass(bench.serial, 4 * BYTE);
    write_at(STOPTX, 1);
    assert_int_equal(read_at(TXSTOPPED), 1);
    assert_int_equal(bench.serial->observed, 1);
    assert_int_equal(bench.serial->last_observed.event, BASE + TXSTOPPED);
}

static void an_empty_buffer_ends_at_once(void **state)
{
    (void)state;
    describe(TX, 0, 0);
    write_at(STARTTX, 1);
    serial_pass(bench.serial, 100);
    assert_int_equal(read_at(ENDTX), 1);
    assert_int_equal(read_at(TX + 8), 0);
    assert_int_equal(misuses(), 0);
}

static void flash_is_sent_as_zeros(void **state)
{
    (void)state;
    memset(bench.serial->chip->memory.flash, 'x', 16);
    describe(TX, 0x00000000, 3);
    write_at(STARTTX, 1);
    serial_pass(bench.serial, 5 * BYTE);
    assert_int_equal(misuses(), 1);
    assert_int_equal(bench.serial->chip->misuse[0].misuse, MISUSE_DMA_OUTSIDE_RAM);
    assert_int_equal(bench.serial->printed, 3);
    assert_memory_equal(bench.serial->console, "\0\0\0", 3);
}

static void a_second_start_during_the_first_is_reported(void **state)
{
    (void)state;
    send("0123");
    serial_pass(bench.serial, BYTE);
    write_at(STARTTX, 1);
    assert_int_equal(misuses(), 1);
    assert_int_equal(bench.serial->chip->misuse[0].misuse, MISUSE_DMA_BUSY);
    serial_pass(bench.serial, 10 * BYTE);
    assert_int_equal(bench.serial->printed, 4);
}

static void a_start_while_disabled_is_reported_and_lost(void **state)
{
    (void)state;
    write_at(0x500, 0);
    send("0123");
    serial_pass(bench.serial, 10 * BYTE);
    assert_int_equal(bench.serial->chip->misuse[0].misuse, MISUSE_DISABLED);
    assert_int_equal(bench.serial->printed, 0);
    assert_int_equal(bench.serial->opened, 0);
}

static void disabling_in_flight_is_reported_and_cuts_the_transfer(void **state)
{
    (void)state;
    send("0123456789");
    serial_pass(bench.serial, 2 * BYTE);
    write_at(0x500, 0);
    assert_int_equal(bench.serial->chip->misuse[0].misuse, MISUSE_DISABLED_IN_FLIGHT);
    serial_pass(bench.serial, 20 * BYTE);
    assert_in_range(bench.serial->printed, 1, 2);
    assert_false(serial_is_set(bench.serial, ENDTX));
}

static void nothing_leaves_a_pin_that_is_not_selected(void **state)
{
    (void)state;
    write_at(0x50c, 0xffffffff);
    send("0123");
    serial_pass(bench.serial, 10 * BYTE);
    assert_int_equal(read_at(ENDTX), 1);
    assert_int_equal(bench.serial->printed, 0);
}

static void the_interrupt_line_follows_endtx(void **state)
{
    (void)state;
    write_at(0x304, 1 << 8); /* INTENSET: ENDTX is event 8 */
    send("0");
    serial_pass(bench.serial, 3 * BYTE);
    assert_true(chip_irq(bench.serial->chip, LINE));
    write_at(ENDTX, 0);
    assert_false(chip_irq(bench.serial->chip, LINE));
}

/* ---- Receiver -------------------------------------------------------------------------------- */

static void what_is_looped_back_arrives_in_ram(void **state)
{
    (void)state;
    receive(64, 5);
    serial_pass(bench.serial, 100);
    assert_int_equal(read_at(RXSTARTED), 1);
    send("hello");
    serial_pass(bench.serial, 10 * BYTE);
    assert_memory_equal(ram(64), "hello", 5);
    assert_int_equal(read_at(ENDRX), 1);
    assert_int_equal(read_at(RX + 8), 5);
    assert_int_equal(read_at(RXTO), 0);
    assert_int_equal(misuses(), 0);
}

static void rxdrdy_comes_before_the_byte_is_in_ram(void **state)
{
    (void)state;
    *ram(64) = '-';
    receive(64, 5);
    send("h");
    serial_pass_until(bench.serial, RXDRDY, 10 * BYTE);
    assert_int_equal(*ram(64), '-');
    serial_pass(bench.serial, 100);
    assert_int_equal(*ram(64), 'h');
}

static void stoprx_gives_endrx_and_then_rxto(void **state)
{
    (void)state;
    receive(64, 16);
    send("abc");
    serial_pass(bench.serial, 5 * BYTE);
    write_at(STOPRX, 1);
    assert_int_equal(read_at(ENDRX), 0);
    serial_pass(bench.serial, 4 * BYTE - 10);
    assert_false(serial_is_set(bench.serial, RXTO));
    serial_pass(bench.serial, 20);
    assert_int_equal(read_at(ENDRX), 1);
    assert_int_equal(read_at(RXTO), 1);
    assert_int_equal(read_at(RX + 8), 3);
}

static void rxto_tells_the_end_of_the_transfer_too(void **state)
{
    (void)state;
    receive(64, 16);
    serial_pass(bench.serial, BYTE);
    write_at(STOPRX, 1);
    serial_pass(bench.serial, 5 * BYTE);
    assert_int_equal(read_at(RXTO), 1);
    assert_int_equal(bench.serial->observed, 1);
    assert_int_equal(bench.serial->last_observed.event, BASE + RXTO);
}

static void bytes_that_follow_stoprx_closely_are_received(void **state)
{
    (void)state;
    receive(64, 16);
    send("abcdef");
    serial_pass_until(bench.serial, RXDRDY, 10 * BYTE);
    write_at(STOPRX, 1);
    serial_pass_until(bench.serial, RXTO, 10 * BYTE);
    assert_in_range(read_at(RX + 8), 4, 5);
    serial_pass(bench.serial, 10 * BYTE);
    assert_in_range(read_at(RX + 8), 4, 5); /* what comes later does not arrive */
}

static void the_fifo_keeps_what_comes_between_two_buffers(void **state)
{
    (void)state;
    receive(64, 2);
    send("abcdef");
    serial_pass(bench.serial, 10 * BYTE);
    assert_int_equal(read_at(ENDRX), 1);
    assert_memory_equal(ram(64), "ab\0\0", 4);
    write_at(ENDRX, 0);
    receive(80, 4);
    serial_pass(bench.serial, BYTE);
    assert_memory_equal(ram(80), "cdef", 4);
    assert_int_equal(read_at(ERROR), 0);
}

static void more_than_the_fifo_holds_is_an_overrun(void **state)
{
    (void)state;
    receive(64, 2);
    send("abcdefghij");
    serial_pass(bench.serial, 15 * BYTE);
    assert_int_equal(read_at(ERROR), 1);
    assert_int_equal(read_at(0x480), 1); /* ERRORSRC.OVERRUN */
    write_at(0x480, 1);
    assert_int_equal(read_at(0x480), 0);
}

static void flushrx_moves_what_the_fifo_holds(void **state)
{
    (void)state;
    receive(64, 2);
    send("abcde");
    serial_pass(bench.serial, 10 * BYTE);
    write_at(STOPRX, 1);
    serial_pass(bench.serial, 5 * BYTE);
    write_at(ENDRX, 0);
    describe(RX, SERIAL_BUFFER + 80, 8);
    write_at(FLUSHRX, 1);
    serial_pass_until(bench.serial, ENDRX, 1000);
    assert_int_equal(read_at(RX + 8), 3);
    assert_memory_equal(ram(80), "cde\0", 4);
}

static void flushrx_of_an_empty_fifo_leaves_amount_as_it_was(void **state)
{
    (void)state;
    receive(64, 2);
    send("ab");
    serial_pass(bench.serial, 10 * BYTE);
    write_at(STOPRX, 1);
    serial_pass(bench.serial, 5 * BYTE);
    write_at(ENDRX, 0);
    describe(RX, SERIAL_BUFFER + 80, 8);
    write_at(FLUSHRX, 1);
    serial_pass_until(bench.serial, ENDRX, 1000);
    assert_int_equal(read_at(RX + 8), 2);
}

static void the_shortcut_goes_on_into_the_next_buffer(void **state)
{
    (void)state;
    write_at(0x200, 1 << 5); /* ENDRX_STARTRX */
    receive(64, 3);
    serial_pass_until(bench.serial, RXSTARTED, 100);
    assert_int_equal(read_at(RXSTARTED), 1);
    describe(RX, SERIAL_BUFFER + 80, 3); /* behind RXSTARTED: for the next one */
    send("abcdef");
    serial_pass_until(bench.serial, ENDRX, 10 * BYTE);
    assert_int_equal(read_at(ENDRX), 1);
    assert_int_equal(bench.serial->observed, 1);
    write_at(ENDRX, 0); /* of the first buffer; the second one is under way */
    serial_pass_until(bench.serial, ENDRX, 10 * BYTE);
    assert_memory_equal(ram(64), "abc", 3);
    assert_memory_equal(ram(80), "def", 3);
    assert_int_equal(misuses(), 0);
}

/* It has been captured this time. The CPU cannot know. */
static void a_pointer_written_before_rxstarted_was_read_is_reported(void **state)
{
    (void)state;
    receive(64, 3);
    serial_pass_until(bench.serial, RXSTARTED, 100);
    write_at(RX, SERIAL_BUFFER + 80);
    assert_int_equal(misuses(), 1);
}

static void a_pointer_written_before_rxstarted_is_reported(void **state)
{
    (void)state;
    receive(64, 3);
    write_at(RX, SERIAL_BUFFER + 80);
    assert_int_equal(bench.serial->chip->misuse[0].misuse, MISUSE_DMA_DESCRIPTOR);
}

static void the_shortcut_can_stop_the_receiver(void **state)
{
    (void)state;
    write_at(0x200, 1 << 6); /* ENDRX_STOPRX */
    receive(64, 2);
    send("ab");
    serial_pass(bench.serial, 10 * BYTE);
    assert_int_equal(read_at(RXTO), 1);
}

static void one_uarte_talks_to_the_other(void **state)
{
    struct serial_bench *serial = bench.serial;

    (void)state;
    serial->base = BASE1;
    enable(8);
    receive(64, 4);
    serial->base = BASE;
    send("ping");
    serial_pass(serial, 10 * BYTE);
    assert_memory_equal(ram(64), "ping", 4);
    assert_int_equal(chip_read(serial->chip, BASE1 + ENDRX), 1);
    assert_int_equal(read_at(ENDRX), 0);
}

static int crossed(void **state)
{
    (void)state;
    power_up("uart1", "uart0");
    enable(8);
    return 0;
}

static int with_a_file(void **state)
{
    char list[160];

    (void)state;
    (void)snprintf(list, sizeof list, "in:%s", serial_file("input", "typed\n"));
    power_up(list, NULL);
    enable(8);
    return 0;
}

static void a_file_is_typed_at_the_baud_rate(void **state)
{
    (void)state;
    serial_pass(bench.serial, 20 * BYTE); /* nobody listens yet */
    receive(64, 6);
    serial_pass(bench.serial, 2 * BYTE);
    assert_memory_equal(ram(64), "t\0", 2);
    serial_pass(bench.serial, 6 * BYTE);
    assert_memory_equal(ram(64), "typed\n", 6);
}

static int with_a_slow_typist(void **state)
{
    char list[160];

    (void)state;
    (void)snprintf(list, sizeof list, "in:%s,gap:1ms", serial_file("input", "typed\n"));
    power_up(list, NULL);
    enable(8);
    return 0;
}

static void a_gap_is_left_before_each_byte_of_a_file(void **state)
{
    const sim_time gap = 64000;

    (void)state;
    receive(64, 6);
    serial_pass(bench.serial, gap);
    assert_memory_equal(ram(64), "\0\0", 2);
    serial_pass(bench.serial, gap + 3 * BYTE);
    assert_memory_equal(ram(64), "ty\0", 3);
    serial_pass(bench.serial, 4 * (gap + BYTE));
    assert_memory_equal(ram(64), "typed\n", 6);
}

static void with_flow_control_a_file_waits_for_room(void **state)
{
    (void)state;
    write_at(0x56c, 1); /* CONFIG.HWFC */
    receive(64, 1);
    serial_pass(bench.serial, 100 * BYTE);
    assert_int_equal(read_at(ERROR), 0);
    for (uint32_t i = 1; i < 6; i++) {
        write_at(ENDRX, 0);
        receive(64 + i, 1);
        serial_pass(bench.serial, 100 * BYTE);
    }
    assert_memory_equal(ram(64), "typed\n", 6);
}

static void without_flow_control_a_file_overruns_the_fifo(void **state)
{
    (void)state;
    receive(64, 1);
    serial_pass(bench.serial, 100 * BYTE);
    assert_int_equal(read_at(ERROR), 0); /* 1 in RAM, 5 in the FIFO */
}

static void a_snapshot_in_mid_transfer_continues_to_the_same_end(void **state)
{
    struct snapshot *snapshot;
    uint64_t hash;

    (void)state;
    receive(64, 8);
    send("snapshot");
    serial_pass(bench.serial, 3 * BYTE + 100);
    snapshot = snapshot_take(&bench.serial->chip->state);
    serial_pass(bench.serial, 10 * BYTE);
    hash = state_hash(&bench.serial->chip->state);
    snapshot_restore(snapshot, &bench.serial->chip->state);
    memset(ram(64), '-', 8);
    serial_pass(bench.serial, 10 * BYTE);
    assert_memory_equal(ram(64), "---pshot", 8); /* the rest came before the snapshot */
    assert_int_equal(state_hash(&bench.serial->chip->state), hash);
    snapshot_free(snapshot);
}

/* ---- UART without EasyDMA -------------------------------------------------------------------- */

static int legacy(void **state)
{
    (void)state;
    power_up("loopback,console", NULL);
    enable(4);
    return 0;
}

static void the_old_uart_sends_what_is_written_to_txd(void **state)
{
    (void)state;
    write_at(STARTTX, 1);
    write_at(0x51c, 'x');
    assert_false(serial_is_set(bench.serial, TXDRDY));
    assert_in_range(serial_pass_until(bench.serial, TXDRDY, 2 * BYTE), BYTE - 1, BYTE);
    assert_int_equal(bench.serial->console[0], 'x');
    assert_int_equal(bench.serial->opened, 0);
}

/* In this order OpenThread sends. */
static void a_byte_written_before_starttx_waits_for_it(void **state)
{
    (void)state;
    write_at(0x51c, 'x');
    serial_pass(bench.serial, 2 * BYTE);
    assert_int_equal(bench.serial->printed, 0);
    write_at(STARTTX, 1);
    assert_in_range(serial_pass_until(bench.serial, TXDRDY, 2 * BYTE), BYTE - 1, BYTE);
    assert_int_equal(bench.serial->console[0], 'x');
}

static void the_old_uart_receives_into_a_fifo_of_six(void **state)
{
    (void)state;
    write_at(STARTRX, 1);
    write_at(STARTTX, 1);
    for (unsigned i = 0; i < 7; i++) {
        write_at(0x51c, 'a' + i);
        serial_pass(bench.serial, BYTE);
    }
    assert_int_equal(read_at(0x480), 1); /* ERRORSRC.OVERRUN: the seventh */
    for (unsigned i = 0; i < 6; i++) {
        assert_int_equal(read_at(RXDRDY), 1);
        write_at(RXDRDY, 0);
        assert_int_equal(read_at(0x518), 'a' + i);
    }
    assert_int_equal(read_at(RXDRDY), 0);
}

static void the_old_uart_goes_off_four_bytes_behind_stoprx(void **state)
{
    (void)state;
    write_at(STARTRX, 1);
    write_at(STOPRX, 1);
    assert_in_range(serial_pass_until(bench.serial, RXTO, 10 * BYTE), 4 * BYTE - 1, 4 * BYTE);
}

static void the_old_uart_is_deaf_and_dumb_while_disabled(void **state)
{
    (void)state;
    write_at(STARTTX, 1);
    write_at(0x500, 0);
    write_at(0x51c, 'x');
    serial_pass(bench.serial, 2 * BYTE);
    assert_int_equal(bench.serial->printed, 0);
    assert_int_equal(bench.serial->chip->misuse[0].misuse, MISUSE_DISABLED);
}

static void the_old_uart_and_uarte_share_their_registers(void **state)
{
    (void)state;
    write_at(0x500, 8);
    assert_int_equal(read_at(0x524), BAUD_1M);
    send("dma");
    serial_pass(bench.serial, 6 * BYTE);
    assert_memory_equal(bench.serial->console, "dma", 3);
}

int main(void)
{
#define ON(setup, name) cmocka_unit_test_setup_teardown(name, setup, tear_down)
    const struct CMUnitTest tests[] = {
        ON(untouched, registers_reset_to_the_values_of_the_manual),
        ON(console, what_is_sent_appears_on_the_console),
        ON(console, a_byte_takes_its_ten_bits),
        ON(console, txdrdy_tells_of_the_bytes_sent_since_it_was_clear),
        ON(console, txdrdy_from_before_tells_nothing),
        ON(console, at_115200_baud_a_byte_takes_87_us),
        ON(console, each_byte_is_read_from_ram_just_before_it_is_sent),
        ON(console, stoptx_ends_the_transfer_at_a_byte_boundary),
        ON(console, stoptx_of_an_idle_transmitter_says_stopped),
        ON(console, stoptx_right_behind_starttx_sends_nothing),
        ON(console, txstopped_tells_the_end_of_the_transfer_too),
        ON(console, an_empty_buffer_ends_at_once),
        ON(console, flash_is_sent_as_zeros),
        ON(console, a_second_start_during_the_first_is_reported),
        ON(console, a_start_while_disabled_is_reported_and_lost),
        ON(console, disabling_in_flight_is_reported_and_cuts_the_transfer),
        ON(console, nothing_leaves_a_pin_that_is_not_selected),
        ON(console, the_interrupt_line_follows_endtx),
        ON(loopback, what_is_looped_back_arrives_in_ram),
        ON(loopback, rxdrdy_comes_before_the_byte_is_in_ram),
        ON(loopback, stoprx_gives_endrx_and_then_rxto),
        ON(loopback, rxto_tells_the_end_of_the_transfer_too),
        ON(loopback, bytes_that_follow_stoprx_closely_are_received),
        ON(loopback, the_fifo_keeps_what_comes_between_two_buffers),
        ON(loopback, more_than_the_fifo_holds_is_an_overrun),
        ON(loopback, flushrx_moves_what_the_fifo_holds),
        ON(loopback, flushrx_of_an_empty_fifo_leaves_amount_as_it_was),
        ON(loopback, the_shortcut_goes_on_into_the_next_buffer),
        ON(loopback, a_pointer_written_before_rxstarted_is_reported),
        ON(loopback, a_pointer_written_before_rxstarted_was_read_is_reported),
        ON(loopback, the_shortcut_can_stop_the_receiver),
        ON(crossed, one_uarte_talks_to_the_other),
        ON(with_a_file, a_file_is_typed_at_the_baud_rate),
        ON(with_a_slow_typist, a_gap_is_left_before_each_byte_of_a_file),
        ON(with_a_file, with_flow_control_a_file_waits_for_room),
        ON(with_a_file, without_flow_control_a_file_overruns_the_fifo),
        ON(loopback, a_snapshot_in_mid_transfer_continues_to_the_same_end),
        ON(legacy, the_old_uart_sends_what_is_written_to_txd),
        ON(legacy, a_byte_written_before_starttx_waits_for_it),
        ON(legacy, the_old_uart_receives_into_a_fifo_of_six),
        ON(legacy, the_old_uart_goes_off_four_bytes_behind_stoprx),
        ON(legacy, the_old_uart_is_deaf_and_dumb_while_disabled),
        ON(legacy, the_old_uart_and_uarte_share_their_registers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
