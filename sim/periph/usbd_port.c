/* SPDX-License-Identifier: Apache-2.0 */
/*
 * USBD: the bus as the host drives it (PS v1.7, 6.35 USBD: USB reset; USB 2.0, chapter 8).
 *
 * Deviations:
 *   1. USBRESET comes when the reset begins. A transfer that is running goes on to its END event.
 *   2. Without the crystal there are no answers and no SOF; what real silicon does is not said.
 */
#include "sim/periph/usbd_parts.h"

static bool on_the_bus(const struct usbd *usbd)
{
    return usbd_attached(usbd) && usbd->state.power.connected && !usbd_low_power(usbd) &&
           !usbd_drives(usbd) && !usbd->state.power.deaf;
}

/* Does the device answer tokens to `address`? */
static bool addressed(struct usbd *usbd, uint8_t address)
{
    if (!on_the_bus(usbd) || address != regfile_get(&usbd->regs, USBD_USBADDR) ||
        !usbd_token_arrives(usbd))
        return false;
    if (wire_get(usbd->fabric->wires, WIRE_HFXO))
        return true;
    regfile_misuse(&usbd->regs, MISUSE_NO_HFXO, USBD_USBPULLUP, 1);
    return false;
}

static void reset_begin(void *device)
{
    struct usbd *usbd = device;

    if (!usbd_attached(usbd))
        return;
    usbd_bus_reset(usbd);
    usbd->state.power.connected = true;
    usbd->state.control = (struct usbd_control){0};
    usbd_endpoints_reset(usbd);
    regfile_set(&usbd->regs, USBD_USBADDR, 0);
    if (!regfile_get(&usbd->regs, USBD_EVENTS_USBRESET))
        usbd_dma_abandon(usbd);
    regfile_raise(&usbd->regs, USBD_EVENTS_USBRESET);
}

/* Nothing happens at the end: the device is ready since the beginning (deviation 1). */
static void reset_end(void *device)
{
    (void)device;
}

static void sof(void *device, uint16_t frame)
{
    struct usbd *usbd = device;

    if (!on_the_bus(usbd) || !wire_get(usbd->fabric->wires, WIRE_HFXO))
        return;
    usbd_iso_frame(usbd);
    regfile_set(&usbd->regs, USBD_FRAMECNTR, frame & mask32(USBD_FRAMECNTR_FRAMECNTR_WIDTH));
    regfile_raise(&usbd->regs, USBD_EVENTS_SOF);
}

static void suspend(void *device)
{
    struct usbd *usbd = device;

    if (usbd_attached(usbd) && usbd->state.power.connected)
        usbd_bus_idle(usbd);
}

static void resume(void *device)
{
    usbd_bus_resumed(device);
}

static enum usb_answer setup(void *device, uint8_t address, const uint8_t packet[8])
{
    struct usbd *usbd = device;

    if (!addressed(usbd, address))
        return USB_ANSWER_NONE;
    usbd_control_setup(usbd, packet);
    return USB_ANSWER_ACK;
}

static enum usb_answer out(void *device, uint8_t address, uint8_t endpoint, enum usb_pid pid,
                           const uint8_t *bytes, size_t size)
{
    struct usbd *usbd = device;

    if (endpoint >= ENDPOINT_ISOCHRONOUS || !addressed(usbd, address))
        return USB_ANSWER_NONE;
    return endpoint ? usbd_endpoint_out(usbd, endpoint, pid, bytes, size)
                    : usbd_control_out(usbd, pid, bytes, size);
}

static enum usb_answer in(void *device, uint8_t address, uint8_t endpoint, struct usb_data *data)
{
    struct usbd *usbd = device;

    if (endpoint >= ENDPOINT_ISOCHRONOUS || !addressed(usbd, address))
        return USB_ANSWER_NONE;
    return endpoint ? usbd_endpoint_in(usbd, endpoint, data) : usbd_control_in(usbd, data);
}

static void in_acknowledged(void *device, uint8_t address, uint8_t endpoint)
{
    struct usbd *usbd = device;

    if (endpoint >= ENDPOINT_ISOCHRONOUS || !addressed(usbd, address))
        return;
    if (endpoint)
        usbd_endpoint_in_acknowledged(usbd, endpoint);
    else
        usbd_control_in_acknowledged(usbd);
}

static void isochronous_out(void *device, uint8_t address, uint8_t endpoint, const uint8_t *bytes,
                            size_t size, bool intact)
{
    struct usbd *usbd = device;

    if (endpoint == ENDPOINT_ISOCHRONOUS && addressed(usbd, address))
        usbd_iso_out(usbd, bytes, size, intact);
}

static bool isochronous_in(void *device, uint8_t address, uint8_t endpoint, struct usb_data *data)
{
    struct usbd *usbd = device;

    return endpoint == ENDPOINT_ISOCHRONOUS && addressed(usbd, address) && usbd_iso_in(usbd, data);
}

const struct usb_port_ops usbd_port = {
    .reset_begin = reset_begin,
    .reset_end = reset_end,
    .sof = sof,
    .suspend = suspend,
    .resume = resume,
    .setup = setup,
    .out = out,
    .in = in,
    .in_acknowledged = in_acknowledged,
    .isochronous_out = isochronous_out,
    .isochronous_in = isochronous_in,
};
