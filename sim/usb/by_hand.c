/* SPDX-License-Identifier: Apache-2.0 */
/* A person makes the host do something, whatever it is doing at the moment. */
#include "sim/usb/host_state.h"

#include <string.h>

void host_take_over(struct host *host)
{
    struct host_state *state = &host->state;

    host_abandon(host);
    if (state->phase == PORT_ENABLED) /* what it would have done next */
        scheduler_cancel(host->wiring.scheduler, EVENT_HOST_STEP, 0);
    if (state->phase == PORT_ENABLED || state->phase == PORT_ATTACHED ||
        state->phase == PORT_SUSPENDED)
        state->outcome = HOST_IDLE;
    memset(state->reason, 0, sizeof state->reason);
}

void host_unplug(struct host *host)
{
    port_unplug(host);
}

void host_plug(struct host *host)
{
    port_plug(host);
}
