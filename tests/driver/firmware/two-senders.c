/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Thread and interrupt send through the same endpoints. Vendor request THREAD makes the thread send
 * packets of 't' a little later, INTERRUPT sends packets of 'i' at once, from the handler; what
 * arrives at endpoint 1 the handler sends back as soon as it is told of it, and nobody else does.
 */
#include "driver/epin.h"
#include "driver/epout.h"
#include "driver/iso.h"
#include "firmware/class/descriptor.h"
#include "firmware/class/device.h"
#include "firmware/common/startup.h"

#include <stddef.h>

enum { REQUEST_THREAD = 0, REQUEST_INTERRUPT = 1 };
enum { PACKET = 64, A_LITTLE = 1500 };

enum { CONFIGURATION_SIZE = CONFIGURATION_HEADER_SIZE + INTERFACE_SIZE + 4 * ENDPOINT_SIZE };

static const uint8_t descriptor[DEVICE_SIZE] = {DEVICE_BYTES(0x0200, 0xff, 0, 0, 0x01fe)};
static const uint8_t configuration[CONFIGURATION_SIZE] = {
    CONFIGURATION_BYTES(CONFIGURATION_SIZE, 1, SELF_POWERED),
    INTERFACE_BYTES(0, 0, 4, 0xff, 0, 0),
    ENDPOINT_BYTES(0x01, ENDPOINT_BULK, PACKET, 0),
    ENDPOINT_BYTES(0x81, ENDPOINT_BULK, PACKET, 0),
    ENDPOINT_BYTES(0x82, ENDPOINT_BULK, PACKET, 0),
    ENDPOINT_BYTES(0x88, ENDPOINT_ISOCHRONOUS, PACKET, 1),
};
static const char *const strings[] = {"Fencepost", "Two senders", NULL};

static volatile bool thread_sends;

static void send_packets(uint8_t letter)
{
    uint8_t packet[PACKET];

    for (unsigned i = 0; i < sizeof packet; i++)
        packet[i] = letter;
    (void)!epin_start(2, packet, sizeof packet);
    (void)!isoin_start(packet, sizeof packet);
}

static struct answer vendor(const struct usbd_setup *setup)
{
    if (setup->request == REQUEST_THREAD)
        thread_sends = true;
    else
        send_packets('i');
    return accept();
}

static void event(enum usbd_event event)
{
    uint8_t packet[PACKET];
    uint32_t size = 0;

    if (event == USBD_EVENT_PACKET && epout_end(1, packet, sizeof packet, &size) == USBD_OK)
        (void)!epin_start(1, packet, size);
}

static void work(void)
{
    if (!thread_sends)
        return;
    for (volatile uint32_t i = 0; i < A_LITTLE; i++)
        ;
    thread_sends = false;
    send_packets('t');
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
