/* SPDX-License-Identifier: Apache-2.0 */
/* Monitor commands about the bus: what the host knows, and what the device would answer. */
#include "sim/debug/monitor_state.h"

#include "sim/periph/usbd.h"

#include <string.h>

enum { ISOCHRONOUS = 8 };

/* The register's value, read without effect. */
static uint32_t peek(struct request *request, const char *name)
{
    const struct block_spec *spec = &usbd_spec;
    uint32_t value = 0;

    for (unsigned i = 0; i < spec->reg_count; i++) {
        if (!strcmp(spec->regs[i].name, name))
            (void)bus_peek(machine_bus(request->machine), spec->base + spec->regs[i].offset, 4,
                           &value);
    }
    return value;
}

/* ---- Endpoints ------------------------------------------------------------------------------- */

static void print_in(struct request *request, const struct usbd_state *state, unsigned endpoint)
{
    const struct usbd_in *in = &state->in[endpoint];

    if (in->armed)
        text_printf(request->out, "%u bytes wait for the host", in->size);
    else if (in->sent)
        text_printf(request->out, "%u bytes were sent, ACK awaited", in->size);
    else
        text_printf(request->out, "nothing to send");
}

static void print_out(struct request *request, const struct usbd_state *state, unsigned endpoint)
{
    const struct usbd_out *out = &state->out[endpoint];
    bool accepting = endpoint ? out->accepting : state->control.out_allowed;

    if (out->full)
        text_printf(request->out, "%u bytes wait for EasyDMA", out->size);
    else
        text_printf(request->out, accepting ? "takes the next packet" : "answers NAK");
}

/* Endpoint 0 has no toggle to compare: each stage begins with DATA1. */
static void print_toggles(struct request *request, unsigned endpoint, bool reads, unsigned device)
{
    const struct host *host = machine_host(request->machine);
    unsigned expected;

    if (!endpoint)
        return;
    expected = host_toggle(host, (uint8_t)endpoint, reads);
    text_printf(request->out, ", DATA%u next", device);
    if (expected != device)
        text_printf(request->out, ", but the host goes on with DATA%u", expected);
}

static void print_endpoint(struct request *request, unsigned endpoint, bool reads)
{
    const struct usbd_state *state = &machine_usbd(request->machine)->state;
    bool halted = reads ? state->in[endpoint].halted : state->out[endpoint].halted;

    text_printf(request->out, "endpoint %u %-4s ", endpoint, reads ? "IN" : "OUT");
    if (reads)
        print_in(request, state, endpoint);
    else
        print_out(request, state, endpoint);
    if (halted || (!endpoint && state->control.stalled))
        text_printf(request->out, ", answers STALL");
    print_toggles(request, endpoint, reads,
                  reads ? state->in[endpoint].toggle : state->out[endpoint].toggle);
    text_printf(request->out, "\n");
}

static void print_endpoints(struct request *request)
{
    uint32_t in = peek(request, "EPINEN");
    uint32_t out = peek(request, "EPOUTEN");

    for (unsigned i = 0; i < USBD_ENDPOINTS; i++) {
        if (in >> i & 1)
            print_endpoint(request, i, true);
        if (out >> i & 1)
            print_endpoint(request, i, false);
    }
    if ((in | out) >> ISOCHRONOUS & 1)
        text_printf(request->out, "endpoint 8      isochronous, on\n");
}

/* ---- The bus --------------------------------------------------------------------------------- */

static void print_device(struct request *request)
{
    const struct usbd_power *power = &machine_usbd(request->machine)->state.power;
    bool pulled = wire_get(machine_wires(request->machine), WIRE_USB_PULLUP);

    text_printf(request->out, "device: USBD %s, pull-up %s%s%s\n",
                !power->enabled ? "off"
                : power->ready  ? "on"
                                : "starting",
                pulled ? "on" : "off", power->suspended ? ", suspended" : "",
                power->low_power ? ", low power" : "");
}

static void show_usb(struct request *request)
{
    const struct host *host = machine_host(request->machine);
    struct usb_device_view view = host_device_view(host);
    bool powered = wire_get(machine_wires(request->machine), WIRE_VBUS);

    text_printf(request->out, "host:   VBUS %s, ", powered ? "on" : "off");
    host_print_activity(request->out, host);
    text_printf(request->out, "\n");
    print_device(request);
    text_printf(request->out, "address %u (the device's own: %u), configuration %u\n",
                host_device_address(host), peek(request, "USBADDR"), host_configuration(host));
    print_endpoints(request);
    if (host_outcome(host) == HOST_DONE)
        usb_print_device(request->out, &view);
}

const struct monitor_command monitor_bus[] = {
    {"usb", "",
     "the bus: host, device, address, endpoints and their data toggles\n"
     "Once the host has configured the device also its descriptors, as lsusb shows them.",
     show_usb},
    {NULL, NULL, NULL, NULL},
};
