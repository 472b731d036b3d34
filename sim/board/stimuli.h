/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a hand does to the board: levels at pins and voltages at analog inputs, at their times.
 *
 *     P0.11=low@10ms       a button is pressed; high, low, or float to let go of it
 *     AIN3=1200mV@5ms      a voltage, for the comparators
 *
 * In a file: lines "10ms : P0.11 low" and "5ms : AIN3 1200".
 */
#ifndef SIM_BOARD_STIMULI_H
#define SIM_BOARD_STIMULI_H

#include "sim/base/status.h"
#include "sim/core/state.h"
#include "sim/core/time.h"

#include <stdbool.h>
#include <stdint.h>

enum stimulus_level { STIMULUS_LOW, STIMULUS_HIGH, STIMULUS_FLOAT };

struct stimulus {
    sim_time when;
    bool analog;
    uint8_t input;       /* analog: n of AINn; else the pin, 0..47 */
    uint16_t millivolts; /* analog */
    enum stimulus_level level;
};

struct stimuli {
    /* Plain state, one registered region: how many are past. */
    struct stimuli_state {
        uint32_t next;
    } state;
    /* Wiring: constant once it is read, in order of time. */
    unsigned count;
    struct stimulus *list;
};

/* Adds one word, or the lines of a file, in any order. Errors name word, or line and column. */
MUST_CHECK enum status stimuli_plug(struct stimuli *stimuli, const char *word,
                                    struct failure *failure);
void stimuli_finish(struct stimuli *stimuli);

/* The next that is due, or will be; NULL: that was all. */
const struct stimulus *stimuli_next(const struct stimuli *stimuli);

#endif
