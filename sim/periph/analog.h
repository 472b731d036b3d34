/* SPDX-License-Identifier: Apache-2.0 */
/* The voltages at the analog pins AIN0..AIN7 and on VDD, and who wants to hear of a change. */
#ifndef SIM_PERIPH_ANALOG_H
#define SIM_PERIPH_ANALOG_H

#include "sim/core/state.h"

#include <stdbool.h>

enum { ANALOG_INPUTS = 8, ANALOG_LISTENERS = 4 };

struct analog {
    /* Plain state, one registered region: a property of the board, it outlives a reset. */
    struct analog_state {
        uint32_t millivolts[ANALOG_INPUTS];
        uint32_t supply; /* VDD, in millivolts */
    } state;
    /* Wiring. */
    unsigned listeners;
    struct {
        void (*changed)(void *owner);
        void *owner;
    } listener[ANALOG_LISTENERS];
};

/* All inputs at 0 V, VDD at 3.3 V. */
void analog_init(struct analog *analog, struct state *state);

/* Adds one who is told after each change. */
void analog_listen(struct analog *analog, void (*changed)(void *owner), void *owner);

/* The board drives AIN[input] to a voltage. */
void analog_drive(struct analog *analog, unsigned input, unsigned millivolts);
void analog_supply(struct analog *analog, unsigned millivolts);

#endif
