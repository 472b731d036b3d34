/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device that misuses its endpoints when a vendor request tells it to: wValue is the misuse, the
 * answer what the driver said. Request 1 switches USBD off and on again, request 2 asks the host to
 * resume the bus 10 ms later; with wValue 1 no frames are wanted any more.
 */
#include "driver/engine.h"
#include "driver/epin.h"
#include "driver/epout.h"
#include "driver/iso.h"
#include "firmware/class/descriptor.h"
#include "firmware/class/device.h"
#include "firmware/common/startup.h"
#include "firmware/common/timer.h"

#include <stddef.h>

enum { REQUEST_MISUSE = 0, REQUEST_POWER_CYCLE = 1, REQUEST_WAKE_HOST = 2, REQUEST_PACKETS = 3 };

enum { CONFIGURATION_SIZE = CONFIGURATION_HEADER_SIZE + INTERFACE_SIZE + 4 * ENDPOINT_SIZE };

static const uint8_t descriptor[DEVICE_SIZE] = {DEVICE_BYTES(0x0200, 0xff, 0, 0, 0x01ff)};
static const uint8_t configuration[CONFIGURATION_SIZE] = {
    CONFIGURATION_BYTES(CONFIGURATION_SIZE, 1, SELF_POWERED),
    INTERFACE_BYTES(0, 0, 4, 0xff, 0, 0),
    ENDPOINT_BYTES(0x01, ENDPOINT_BULK, 64, 0),
    ENDPOINT_BYTES(0x81, ENDPOINT_BULK, 64, 0),
    ENDPOINT_BYTES(0x08, ENDPOINT_ISOCHRONOUS, 64, 1),
    ENDPOINT_BYTES(0x88, ENDPOINT_ISOCHRONOUS, 64, 1),
};
static const char *const strings[] = {"Fencepost", "Refusals", NULL};

static uint8_t bytes[600];
static uint8_t status;
static uint8_t packets; /* that were told of; since REQUEST_PACKETS none is wanted */
static volatile bool cycle_power;
static volatile bool wake_host;

static enum usbd_status twice(enum usbd_status first, enum usbd_status second)
{
    return first == USBD_OK ? second : USBD_TIMEOUT;
}

/* ---- Isochronous -------------------------------------------------------------------------------
 */

/* The first has left RAM, but the frame has not ended. */
static enum usbd_status send_twice_a_frame(bool reopened)
{
    enum usbd_status first = isoin_start(bytes, 1);

    if (engine_pause() != USBD_OK)
        return USBD_TIMEOUT;
    engine_resume();
    if (reopened && endpoint_open(0x88) != USBD_OK)
        return USBD_TIMEOUT;
    return twice(first, isoin_start(bytes, 1));
}

/* The frame has ended, but EasyDMA has not begun with its packet. */
static enum usbd_status send_while_owned(void)
{
    if (engine_pause() != USBD_OK)
        return USBD_TIMEOUT;
    enum usbd_status first = isoin_start(bytes, 1);
    endpoint_on_event(USBD_EVENT_FRAME);
    enum usbd_status second = isoin_start(bytes, 1);
    engine_resume();
    return twice(first, second);
}

static enum usbd_status send_while_closed(void)
{
    endpoint_close(0x88);
    enum usbd_status answer = isoin_start(bytes, 1);
    return twice(endpoint_open(0x88), answer);
}

static enum usbd_status take_with_room(uint32_t room)
{
    uint32_t size = 0;

    return isoout_end(bytes, room, &size);
}

static enum usbd_status take(void)
{
    return take_with_room(sizeof bytes);
}

static enum usbd_status take_while_closed(void)
{
    endpoint_close(0x08);
    enum usbd_status answer = take();
    return twice(endpoint_open(0x08), answer);
}

static enum usbd_status misuse_isochronous(uint16_t which)
{
    switch (which) {
    case 16:
        return send_twice_a_frame(false);
    case 17:
        return send_twice_a_frame(true);
    case 18:
        return send_while_closed();
    case 19:
        return take_while_closed();
    case 20: {
        enum usbd_status first = take();

        return twice(first, take());
    }
    case 21:
        return twice(endpoint_open(0x08), take());
    case 22:
        return send_while_owned();
    case 23:
        return take_with_room(10);
    case 24:
        return epin_ready(3) ? USBD_OK : USBD_CLOSED;
    case 27: { /* not empty */
        enum usbd_status first = epin_start(1, bytes, 1);

        return twice(first, epin_empty(1) ? USBD_OK : USBD_BUSY);
    }
    case 28: /* nothing is done */
        endpoint_close(0x00);
        endpoint_close(0x80);
        return USBD_OK;
    case 25:
        return endpoint_open(0x11);
    case 26:
        return endpoint_halt(0x00);
    default:
        return USBD_OK;
    }
}

/* ---- Requests ----------------------------------------------------------------------------------
 */

static enum usbd_status misuse(uint16_t which)
{
    uint32_t size = 0;

    switch (which) {
    case 0:
        return epin_start(1, bytes, ENDPOINT_PACKET_MAX + 1);
    case 1:
        return epin_start(3, bytes, 1);
    case 2: { /* a packet in the endpoint or on its way there; the buffer is EasyDMA's */
        enum usbd_status first = epin_start(1, bytes, 1);

        return twice(first, epin_start(1, bytes, 1));
    }
    case 3:
        return epout_end(1, bytes, sizeof bytes, &size);
    case 4:
        return epout_end(3, bytes, sizeof bytes, &size);
    case 5:
        return epout_end(1, bytes, 10, &size);
    case 6:
        return endpoint_open(0x00);
    case 7:
        return endpoint_open(0x09);
    case 8:
        return endpoint_halt(0x83);
    case 9:
        return endpoint_halt(0x88);
    case 10:
        return endpoint_clear_halt(0x03);
    case 11:
        return isoin_start(bytes, ISO_PACKET_MAX + 1);
    case 12: {
        enum usbd_status first = isoin_start(bytes, 1);

        return twice(first, isoin_start(bytes, 1));
    }
    case 13:
        return take();
    case 14:
        return usbd_sleep();
    case 15:
        return usbd_wake_host();
    default:
        return misuse_isochronous(which);
    }
}

static void begin_cycle(void)
{
    cycle_power = true;
}

static void begin_wake(void)
{
    wake_host = true;
}

static void event(enum usbd_event event)
{
    if (event == USBD_EVENT_PACKET)
        packets++;
}

static struct answer vendor(const struct usbd_setup *setup)
{
    if (setup->request == REQUEST_PACKETS) {
        usbd_unwatch(USBD_WATCH_PACKETS);
        return send(&packets, sizeof packets);
    }
    if (setup->request == REQUEST_POWER_CYCLE) {
        timer_start(5, begin_cycle); /* behind the status stage */
        return accept();
    }
    if (setup->request == REQUEST_WAKE_HOST) {
        if (setup->value)
            usbd_unwatch(USBD_WATCH_FRAMES);
        timer_start(10, begin_wake);
        return accept();
    }
    status = (uint8_t)misuse(setup->value);
    return send(&status, sizeof status);
}

static void work(void)
{
    if (wake_host) {
        wake_host = false;
        (void)!usbd_wake_host();
    }
    if (!cycle_power)
        return;
    cycle_power = false;
    (void)!isoin_start(bytes, ISO_PACKET_MAX);
    (void)!epin_start(1, bytes, 63); /* waits for EasyDMA, and is forgotten */
    if (usbd_power_down() == USBD_OK && usbd_power_up() == USBD_OK)
        usbd_connect();
}

static const struct device device = {
    .descriptor = descriptor,
    .configuration = configuration,
    .strings = strings,
    .string_count = 3,
    .vendor = vendor,
    .event = event,
};

int main(void)
{
    device_run(&device, work);
}
