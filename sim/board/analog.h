/* SPDX-License-Identifier: Apache-2.0 */
/* The voltages at the analog inputs: constant, or one after the other from a file. */
#ifndef SIM_BOARD_ANALOG_H
#define SIM_BOARD_ANALOG_H

#include "sim/base/status.h"
#include "sim/core/state.h"

#include <stdint.h>

enum { ANALOG_INPUTS = 8 };

struct analog {
    /* Plain state, one registered region: how many values of each input were used up. */
    struct analog_state {
        uint32_t used[ANALOG_INPUTS];
    } state;
    /* Wiring. In microvolts; without any: 0 V. */
    struct {
        int32_t *values;
        uint32_t count;
    } input[ANALOG_INPUTS];
};

/* Plugs in one input: "0:1.65" is 1.65 V at AIN0; "0:FILE" reads a file of such numbers, one a
 * line, '#' begins a comment. Errors name line and column. */
MUST_CHECK enum status analog_plug(struct analog *analog, const char *word,
                                   struct failure *failure);
void analog_finish(struct analog *analog);

/* The voltage at `input` (0..7) now, in microvolts: each time the next value, at last the last. */
int32_t analog_sample(struct analog *analog, unsigned input);

#endif
