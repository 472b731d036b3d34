/* SPDX-License-Identifier: Apache-2.0 */
/* What the host is doing, for who watches it. */
#include "sim/usb/host_state.h"

bool host_can_speak(const struct host *host)
{
    return port_enabled(host);
}

unsigned host_toggle(const struct host *host, uint8_t endpoint, bool reads)
{
    return host->state.toggles[reads] >> endpoint & 1;
}

static void print_control(struct text *text, const struct control_state *control)
{
    static const char *const stages[] = {
        [STAGE_SETUP] = "SETUP", [STAGE_DATA] = "data", [STAGE_STATUS] = "status"};

    text_printf(text, ": %s stage", stages[control->stage]);
    if (control->stage == STAGE_DATA)
        text_printf(text, ", %u byte%s so far", control->done, control->done == 1 ? "" : "s");
}

static void print_transfer(struct text *text, const struct host *host)
{
    host_print_request(text, host);
    switch ((enum transfer_kind)host->state.kind) {
    case ON_CONTROL:
        print_control(text, &host->state.control);
        break;
    case ON_PIPE:
        text_printf(text, ": %u of %u bytes so far", host->state.pipe.done, host->state.pipe.size);
        break;
    case ON_STREAM:
        break;
    }
}

/* Reset, attached, not suspended: what comes next is for the conversation to say. */
static void print_conversation(struct text *text, const struct host *host)
{
    if (host_transferring(host))
        print_transfer(text, host);
    else if (script_running(host))
        text_printf(text, "waiting for the next step of its script");
    else if (host->state.automatic)
        text_printf(text, "pausing before its next request");
    else if (host->state.outcome == HOST_DONE)
        text_printf(text, "done, the device has configuration %u", host->state.configuration);
    else
        text_printf(text, "idle, frames only");
}

void host_print_activity(struct text *text, const struct host *host)
{
    switch ((enum port_phase)host->state.phase) {
    case PORT_OFF:
        text_printf(text, "not plugged in");
        break;
    case PORT_EMPTY:
        text_printf(text, "waiting for the device to pull D+ up");
        break;
    case PORT_DEBOUNCE:
        text_printf(text, "waiting for the contacts to settle");
        break;
    case PORT_ATTACHED:
        text_printf(text, "attached, the device was not reset yet");
        break;
    case PORT_RESET:
        text_printf(text, "resetting the bus");
        break;
    case PORT_RECOVERY:
        text_printf(text, "giving the device time to recover");
        break;
    case PORT_ENABLED:
        print_conversation(text, host);
        break;
    case PORT_SUSPENDED:
        if (host->state.outcome == HOST_GAVE_UP)
            text_printf(text, "gave up: %s", host->state.reason);
        else
            text_printf(text, "has suspended the bus");
        break;
    case PORT_RESUME:
        text_printf(text, "resuming the bus");
        break;
    }
}
