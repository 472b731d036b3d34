/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/periph/analog.h"

#include <assert.h>

enum { SUPPLY = 3300 };

void analog_init(struct analog *analog, struct state *state)
{
    *analog = (struct analog){.state.supply = SUPPLY};
    state_register(state, "analog pins", &analog->state, sizeof analog->state);
}

void analog_listen(struct analog *analog, void (*changed)(void *owner), void *owner)
{
    assert(analog->listeners < ANALOG_LISTENERS);
    analog->listener[analog->listeners].changed = changed;
    analog->listener[analog->listeners++].owner = owner;
}

static void tell(const struct analog *analog)
{
    for (unsigned i = 0; i < analog->listeners; i++)
        analog->listener[i].changed(analog->listener[i].owner);
}

void analog_drive(struct analog *analog, unsigned input, unsigned millivolts)
{
    assert(input < ANALOG_INPUTS);
    analog->state.millivolts[input] = millivolts;
    tell(analog);
}

void analog_supply(struct analog *analog, unsigned millivolts)
{
    analog->state.supply = millivolts;
    tell(analog);
}
