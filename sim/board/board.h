/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The board: what the pins of the chip lead to.
 *
 * Each kind of port is a seam of its own (uart_line.h, spi_device.h, twi_bus.h, analog.h, air.h):
 * the chip's block calls what is plugged in, and what is plugged in reports to the trace stream.
 * Nothing here knows a register.
 */
#ifndef SIM_BOARD_BOARD_H
#define SIM_BOARD_BOARD_H

#include "sim/board/air.h"
#include "sim/board/analog.h"
#include "sim/board/codec.h"
#include "sim/board/nfc_reader.h"
#include "sim/board/options.h"
#include "sim/board/spi_device.h"
#include "sim/board/stimuli.h"
#include "sim/board/twi_bus.h"
#include "sim/board/uart_line.h"

enum { BOARD_UARTS = 2, BOARD_SPIS = 4, BOARD_TWIS = 2 };

struct board {
    struct uart_line uart[BOARD_UARTS];
    struct spi_device spi[BOARD_SPIS];
    struct twi_bus twi[BOARD_TWIS];
    struct analog analog;
    struct sound microphone; /* of PDM */
    struct codec codec;      /* of I2S */
    struct nfc_reader reader;
    struct stimuli stimuli; /* at pins and analog inputs */
    struct air air;
};

/* Plugs in what `options` say. Fails, naming file or word. Released with board_finish. */
MUST_CHECK enum status board_init(struct board *board, const struct board_options *options,
                                  struct wires *wires, struct trace *trace, struct state *state,
                                  struct failure *failure);
void board_finish(struct board *board);

/* When the last thing begins that it does by itself; 0: nothing. Input of UARTs does not count. */
sim_time board_last_time(const struct board *board);

/* Everything plugged in begins anew. */
void board_power_on(struct board *board);

#endif
