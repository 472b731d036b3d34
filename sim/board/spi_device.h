/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What hangs on the wires of an SPI master: nothing, a wire from MOSI to MISO, or a device that
 * answers from a text (answers.h).
 */
#ifndef SIM_BOARD_SPI_DEVICE_H
#define SIM_BOARD_SPI_DEVICE_H

#include "sim/board/answers.h"
#include "sim/board/spi_master.h"
#include "sim/core/state.h"
#include "sim/core/trace.h"
#include "sim/core/wire.h"

struct spi_device {
    struct dialogue state; /* plain state, one registered region */
    /* Wiring. */
    const char *name; /* "spi0" */
    struct trace *trace;
    struct wires *wires;
    bool loopback;
    bool scripted; /* it answers; with neither, MISO stays high */
    struct answers answers;
    struct spi_master master; /* speaks to a slave of the chip; without lines: never */
};

/* The device listens to its select pin, if its answers name one. */
void spi_device_connect(struct spi_device *device, struct wires *wires);

/* The master begins a transfer: an exchange of its own, unless a pin says when one begins. */
void spi_device_begin(struct spi_device *device);

/* A byte goes out on MOSI; returns the one that comes in on MISO at the same time. */
uint8_t spi_device_exchange(struct spi_device *device, uint8_t mosi);

/* A byte that a slave of the chip has exchanged with the master. */
void spi_device_report(const struct spi_device *device, uint8_t miso, uint8_t mosi);

#endif
