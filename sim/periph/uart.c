/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UART (PS v1.7, 6.33).
 *
 * Deviations:
 *   1. A byte written to TXD while one is being sent waits; a third one replaces it.
 *   2. A byte written to TXD while the transmitter is off waits for STARTTX. The specification has
 * the other order only; there are drivers in the field with this one.
 *   3. SUSPEND switches the receiver off at once, and raises no event.
 */
#include "sim/periph/uart.h"

#include "sim/base/compiler.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb),
#include "driver/regs/uart.def"
};

static const struct reg_desc uart_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/uart.def"
};

static const struct field_desc uart_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/uart.def"
};
/* clang-format on */

enum { ENABLED = 4, FIFO_DEPTH = 6, BYTES_BEHIND_STOP = 4, ERROR_OVERRUN = 1 };
enum { RXTO_INSTANCE = UART_WIRE_UART0 };

static bool arrives(struct uart *uart, uint32_t offset)
{
    if (regfile_enabled(&uart->regs))
        return true;
    regfile_misuse(&uart->regs, MISUSE_DISABLED, offset, 1);
    return false;
}

/* ---- Transmitter ----------------------------------------------------------------------------- */

static void send_held(struct uart *uart)
{
    if (!uart->state.held || !uart->state.sends || uart->wire.state.sending)
        return;
    uart->state.held = false;
    uart_wire_send(&uart->wire, uart->state.byte);
}

static void starttx(void *owner, unsigned index, uint32_t value)
{
    struct uart *uart = owner;

    (void)index, (void)value;
    if (!arrives(uart, TASKS_STARTTX))
        return;
    uart->state.sends = true;
    send_held(uart); /* deviation 2 */
}

static void stoptx(void *owner, unsigned index, uint32_t value)
{
    struct uart *uart = owner;

    (void)index, (void)value;
    if (arrives(uart, TASKS_STOPTX))
        uart->state.sends = false;
}

static void txd_written(void *owner, unsigned index, uint32_t value)
{
    struct uart *uart = owner;

    (void)index;
    if (!arrives(uart, TXD))
        return;
    uart->state.held = true; /* deviation 1 */
    uart->state.byte = (uint8_t)value;
    send_held(uart);
}

static void byte_sent(void *owner)
{
    struct uart *uart = owner;

    send_held(uart);
    regfile_raise(&uart->regs, EVENTS_TXDRDY);
}

/* ---- Receiver -------------------------------------------------------------------------------- */

static void show_oldest(struct uart *uart)
{
    regfile_set(&uart->regs, RXD, uart->wire.state.fifo[0]);
    regfile_raise(&uart->regs, EVENTS_RXDRDY);
}

static void byte_received(void *owner)
{
    struct uart *uart = owner;

    if (uart->wire.state.count == 1)
        show_oldest(uart);
}

/* The next byte takes the place of the one that was read. */
static uint32_t rxd_read(void *owner, unsigned index)
{
    struct uart *uart = owner;
    uint32_t value = regfile_get(&uart->regs, RXD);

    (void)index;
    if (uart->wire.state.count)
        (void)uart_wire_take(&uart->wire);
    if (uart->wire.state.count)
        show_oldest(uart);
    return value;
}

static void overrun(void *owner)
{
    struct uart *uart = owner;

    regfile_set(&uart->regs, ERRORSRC, regfile_get(&uart->regs, ERRORSRC) | ERROR_OVERRUN);
    regfile_raise(&uart->regs, EVENTS_ERROR);
}

static void forget_rxto(struct uart *uart)
{
    scheduler_cancel(uart->regs.fabric->scheduler, EVENT_UARTE_RXTO, RXTO_INSTANCE);
}

static void startrx(void *owner, unsigned index, uint32_t value)
{
    struct uart *uart = owner;

    (void)index, (void)value;
    if (!arrives(uart, TASKS_STARTRX))
        return;
    forget_rxto(uart);
    uart_wire_listen(&uart->wire, true);
}

static void stoprx(void *owner, unsigned index, uint32_t value)
{
    struct uart *uart = owner;

    (void)index, (void)value;
    if (!arrives(uart, TASKS_STOPRX))
        return;
    forget_rxto(uart);
    scheduler_add(uart->regs.fabric->scheduler, EVENT_UARTE_RXTO, RXTO_INSTANCE,
                  BYTES_BEHIND_STOP * uart_wire_byte_time(&uart->wire), 0);
}

static void receiver_times_out(void *owner, const struct event *event)
{
    struct uart *uart = owner;

    (void)event;
    uart_wire_listen(&uart->wire, false);
    regfile_raise(&uart->regs, EVENTS_RXTO);
}

static void suspend(void *owner, unsigned index, uint32_t value)
{
    struct uart *uart = owner;

    (void)index, (void)value;
    if (!arrives(uart, TASKS_SUSPEND))
        return;
    uart->state.sends = false;
    uart_wire_listen(&uart->wire, false); /* deviation 3 */
}

/* ---- ENABLE and wiring ----------------------------------------------------------------------- */

static void go_idle(struct uart *uart)
{
    forget_rxto(uart);
    uart_wire_reset(&uart->wire);
    memset(&uart->state, 0, sizeof uart->state);
}

static void enable_written(void *owner, unsigned index, uint32_t value)
{
    struct uart *uart = owner;

    (void)index, (void)value;
    if (!regfile_enabled(&uart->regs))
        go_idle(uart);
}

static const struct reg_hook uart_hooks[] = {
    {TASKS_STARTRX, startrx, NULL}, {TASKS_STOPRX, stoprx, NULL},   {TASKS_STARTTX, starttx, NULL},
    {TASKS_STOPTX, stoptx, NULL},   {TASKS_SUSPEND, suspend, NULL}, {TXD, txd_written, NULL},
    {RXD, NULL, rxd_read},          {ENABLE, enable_written, NULL}, {0, NULL, NULL},
};

static const struct reg_short uart_shorts[] = {
    {SHORTS_CTS_STARTRX_LSB, EVENTS_CTS, TASKS_STARTRX},
    {SHORTS_NCTS_STOPRX_LSB, EVENTS_NCTS, TASKS_STOPRX},
};

const struct block_spec uart_spec = {
    .name = "UART0",
    .base = BASE_UARTE0,
    .size = REGFILE_SIZE,
    .irq = LINE_UARTE0,
    .regs = uart_regs,
    .reg_count = ARRAY_LENGTH(uart_regs),
    .fields = uart_fields,
    .field_count = ARRAY_LENGTH(uart_fields),
    .hooks = uart_hooks,
    .shorts = uart_shorts,
    .short_count = ARRAY_LENGTH(uart_shorts),
    .enable = ENABLE,
    .personality = ENABLED,
};

static const struct uart_wire_ops wire_ops = {
    .sent = byte_sent, .received = byte_received, .overrun = overrun};

void uart_init(struct uart *uart, struct fabric *fabric, const struct block_spec *spec)
{
    *uart = (struct uart){.wire = {.regs = &uart->regs,
                                   .ops = &wire_ops,
                                   .owner = uart,
                                   .id = UART_WIRE_UART0,
                                   .depth = FIFO_DEPTH}};
    regfile_init(&uart->regs, spec, fabric, uart);
    state_register(fabric->state, "UART", &uart->state, sizeof uart->state);
    scheduler_handle_instance(fabric->scheduler, EVENT_UARTE_RXTO, RXTO_INSTANCE,
                              receiver_times_out, uart);
    uart_wire_init(&uart->wire, fabric, 0);
}

void uart_reset(struct uart *uart, enum reset_kind reason)
{
    (void)reason;
    regfile_reset(&uart->regs);
    go_idle(uart);
}
