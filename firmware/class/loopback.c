/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/class/loopback.h"

#include "driver/epin.h"
#include "driver/epout.h"
#include "driver/iso.h"

enum {
    CONTROL_WRITE = 0x5b,
    CONTROL_READ = 0x5c,

    VENDOR_FROM_HOST = 0x40, /* bmRequestType */
    VENDOR_TO_HOST = 0xc0,
};

static uint8_t control_bytes[LOOPBACK_CONTROL_MAX];

const struct function loopback_function = {.first = 0, .count = 1};

struct answer loopback_vendor(const struct usbd_setup *setup)
{
    if (setup->value != 0 || setup->index != 0 || setup->length > LOOPBACK_CONTROL_MAX)
        return stall();
    if (setup->request_type == VENDOR_FROM_HOST && setup->request == CONTROL_WRITE)
        return receive(control_bytes, sizeof control_bytes);
    if (setup->request_type == VENDOR_TO_HOST && setup->request == CONTROL_READ)
        return send(control_bytes, setup->length);
    return stall();
}

bool loopback_vendor_received(const struct usbd_setup *setup, uint32_t size)
{
    return size == setup->length;
}

/* Only when the answer has room is the question taken. */
static bool send_back(unsigned endpoint)
{
    uint8_t packet[ENDPOINT_PACKET_MAX];
    uint32_t size = 0;

    if (!epin_ready(endpoint) || epout_end(endpoint, packet, sizeof packet, &size) != USBD_OK)
        return false;
    return epin_start(endpoint, packet, size) == USBD_OK;
}

/* One packet a frame. What comes when there is no room is lost, as it is in such streams. */
static void send_back_isochronous(void)
{
    uint8_t packet[LOOPBACK_ISO_PACKET];
    uint32_t size = 0;

    if (isoout_end(packet, sizeof packet, &size) == USBD_OK)
        (void)!isoin_start(packet, size);
}

void loopback_work(void)
{
    bool again;

    do {
        again = send_back(ENDPOINT_NUMBER(LOOPBACK_BULK_IN));
        again |= send_back(ENDPOINT_NUMBER(LOOPBACK_INTERRUPT_IN));
    } while (again);
    send_back_isochronous();
}
