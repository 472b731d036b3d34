/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is at the other end of a UART's wires: the console, a file, the UART itself, another UART.
 *
 * The chip's side keeps the time: it says when a byte has left completely, and fetches one when its
 * receiver has room for the time a byte takes.
 */
#ifndef SIM_BOARD_UART_LINE_H
#define SIM_BOARD_UART_LINE_H

#include "sim/base/status.h"
#include "sim/core/state.h"
#include "sim/core/time.h"
#include "sim/core/trace.h"

enum { UART_LINE_LISTENERS = 2 };

/* A receiver of the chip. */
struct uart_listener {
    void (*arrived)(void *uart, uint8_t byte);
    void *uart;
};

struct uart_line {
    /* Plain state, one registered region: bytes of `input` that were sent to the chip. */
    struct uart_line_state {
        uint64_t position;
    } state;
    /* Wiring. */
    const char *name; /* "uart0": what observations call it */
    struct trace *trace;
    bool console;            /* what the chip sends is shown as lines of the console */
    struct uart_line *other; /* its bytes arrive there, perhaps at itself; NULL: nowhere */
    uint8_t *input;          /* what the far side sends, NULL: nothing */
    size_t input_size;
    sim_time gap; /* the far side's pause before each byte of it */
    unsigned listeners;
    struct uart_listener listener[UART_LINE_LISTENERS];
};

/* What the far side sends is the content of the file `path`. Released with uart_line_finish. */
MUST_CHECK enum status uart_line_read_input(struct uart_line *line, const char *path,
                                            struct failure *failure);
void uart_line_finish(struct uart_line *line);

/* It pauses for `time`, for instance 10ms, before each byte. */
MUST_CHECK enum status uart_line_set_gap(struct uart_line *line, const char *time,
                                         struct failure *failure);

/* The chip's end: whatever arrives on the line is given to `listener`. */
void uart_line_listen(struct uart_line *line, struct uart_listener listener);

/* The chip has sent `byte`, stop bit and all. */
void uart_line_sent(struct uart_line *line, uint8_t byte);

/* Does the far side have bytes of its own to send? */
bool uart_line_has_input(const struct uart_line *line);

/* The far side has sent its next byte: gives it to the chip. */
void uart_line_feed(struct uart_line *line);

#endif
