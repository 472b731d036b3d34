/* SPDX-License-Identifier: Apache-2.0 */
/* The two wires of TWI: devices that answer from texts (answers.h) to a master of the chip, or a
 * master outside (twi_master.h) that speaks to its slaves. */
#ifndef SIM_BOARD_TWI_BUS_H
#define SIM_BOARD_TWI_BUS_H

#include "sim/board/answers.h"
#include "sim/board/twi_master.h"
#include "sim/core/state.h"
#include "sim/core/trace.h"

enum { TWI_DEVICES = 8, TWI_NOBODY = 0xff };

struct twi_bus {
    /* Plain state, one registered region. */
    struct twi_bus_state {
        struct dialogue dialogue[TWI_DEVICES];
        uint8_t addressed; /* index of the device, or TWI_NOBODY */
        uint8_t unused[3];
    } state;
    /* Wiring. */
    const char *name; /* "twi0" */
    struct trace *trace;
    unsigned count;
    struct {
        uint8_t address; /* 7 bits */
        struct answers answers;
    } device[TWI_DEVICES];
    struct twi_master master; /* without parts: never says a word */
};

/* Nobody is addressed, nothing was said. */
void twi_bus_reset(struct twi_bus *bus);

/* Plugs in one device: "0x68:FILE" or "104:FILE"; or a master: "master:FILE". */
MUST_CHECK enum status twi_bus_plug(struct twi_bus *bus, const char *word, struct failure *failure);
void twi_bus_finish(struct twi_bus *bus);

/*
 * A start condition and an address. True: acknowledged. With a write, what was said before is
 * forgotten; a read goes on from what was written, also behind a stop condition.
 */
bool twi_bus_address(struct twi_bus *bus, uint8_t address, bool read);

/* The master sends a byte to who is addressed. True: acknowledged. */
bool twi_bus_write(struct twi_bus *bus, uint8_t byte);

/* The master reads a byte of who is addressed. */
uint8_t twi_bus_read(struct twi_bus *bus);

/* A byte that a slave of the chip has sent to the master outside, or received from it. */
void twi_bus_report(const struct twi_bus *bus, bool from_chip, uint8_t byte);

/* A stop condition. */
void twi_bus_stop(struct twi_bus *bus);

#endif
