/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a token may be sent: behind the SOF, with room for its whole transaction before the end of
 * the frame (USB 2.0, 5.5.4, 5.8.4 and 11.2.5); and how long the host pauses.
 */
#include "sim/usb/bus_time.h"
#include "sim/usb/host_state.h"

/* SOF packet and the gap behind it: no token sooner than this into a frame. */
#define FRAME_OPENING (4 * CYCLES_PER_US)
/* The host is quiet for the last bit times of a frame (USB 2.0, 11.2.5). */
#define FRAME_CLOSING (3 * CYCLES_PER_US)

sim_time frame_opening(const struct host *host, unsigned frames)
{
    return host->state.frame_start + frames * CYCLES_PER_MS + FRAME_OPENING;
}

/* `when`, or the first token time of the frame behind it when there is no room left. */
static sim_time fit_into_frame(const struct host *host, sim_time when, size_t payload)
{
    unsigned frames = (unsigned)((when - host->state.frame_start) / CYCLES_PER_MS);
    sim_time first = frame_opening(host, frames);
    sim_time last = first - FRAME_OPENING + CYCLES_PER_MS - FRAME_CLOSING -
                    bus_time(bus_transaction_bound(payload));

    if (when > last)
        return frame_opening(host, frames + 1);
    return when < first ? first : when;
}

bool host_streams(const struct host *host)
{
    return host->state.kind == ON_STREAM;
}

sim_time host_pause_begins(const struct host *host)
{
    sim_time now = host->wiring.scheduler->state.now;

    return host->state.bus_free > now ? host->state.bus_free : now;
}

sim_time host_token_fits(const struct host *host, sim_time when)
{
    return fit_into_frame(host, when, USB_PACKET_MAX);
}

void frame_schedule_token(struct host *host, size_t payload, sim_time pause)
{
    sim_time now = host->wiring.scheduler->state.now;
    sim_time when = fit_into_frame(host, host_pause_begins(host) + pause, payload);

    scheduler_add(host->wiring.scheduler, EVENT_HOST_TOKEN, 0, when - now, 0);
}

sim_time frame_pause(struct host *host, enum choice_point point, uint32_t instance)
{
    const struct script_state *script = &host->state.script;

    return script->paced ? script->pace : choose(host->wiring.chooser, point, instance);
}
