/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Thread and interrupt use the same endpoints. Vendor request n makes the thread do job n a little
 * later: send packets of 't', halt another endpoint for a moment, fetch a packet itself, or take an
 * isochronous one. What
 * arrives at endpoint 1 the handler sends back as soon as it is told of it, unless it begins with
 * 'i': then it sends packets of 'i'; with 'f' only the one for the next frame; with 'e' it asks
 * whether endpoint 2 is empty though it takes no packet; with 'k' it keeps its hands off those that
 * follow. Request STATUS tells what the driver said to the thread, EMPTY
 * drops what arrived; with wValue 1 the handler keeps its hands off what follows.
 */
#include "driver/epin.h"
#include "driver/epout.h"
#include "driver/iso.h"
#include "firmware/class/descriptor.h"
#include "firmware/class/device.h"
#include "firmware/common/startup.h"

#include <stddef.h>

enum { JOB_NONE, JOB_SEND, JOB_HALT, JOB_FETCH, REQUEST_STATUS, REQUEST_EMPTY, JOB_TAKE };
enum { PACKET = 64, A_LITTLE = 1500 };

enum { CONFIGURATION_SIZE = CONFIGURATION_HEADER_SIZE + INTERFACE_SIZE + 5 * ENDPOINT_SIZE };

static const uint8_t descriptor[DEVICE_SIZE] = {DEVICE_BYTES(0x0200, 0xff, 0, 0, 0x01fe)};
static const uint8_t configuration[CONFIGURATION_SIZE] = {
    CONFIGURATION_BYTES(CONFIGURATION_SIZE, 1, SELF_POWERED),
    INTERFACE_BYTES(0, 0, 5, 0xff, 0, 0),
    ENDPOINT_BYTES(0x82, ENDPOINT_BULK, PACKET, 0), /* the first to be closed */
    ENDPOINT_BYTES(0x01, ENDPOINT_BULK, PACKET, 0),
    ENDPOINT_BYTES(0x81, ENDPOINT_BULK, PACKET, 0),
    ENDPOINT_BYTES(0x08, ENDPOINT_ISOCHRONOUS, PACKET, 1),
    ENDPOINT_BYTES(0x88, ENDPOINT_ISOCHRONOUS, PACKET, 1),
};
static const char *const strings[] = {"Fencepost", "Two senders", NULL};

static volatile uint8_t job;
static volatile bool hands_off; /* the handler leaves the next packet to the thread */
static uint8_t status[2];       /* told to the thread, to the handler */

/* The isochronous one first: the other one waits until EasyDMA is free. */
static enum usbd_status send_packets(uint8_t letter)
{
    uint8_t packet[PACKET];

    for (unsigned i = 0; i < sizeof packet; i++)
        packet[i] = letter;
    (void)!isoin_start(packet, sizeof packet);
    return epin_start(2, packet, sizeof packet);
}

static uint8_t take_isochronous(void)
{
    uint8_t packet[PACKET];
    uint32_t size = 0;

    return (uint8_t)isoout_end(packet, sizeof packet, &size);
}

static enum usbd_status send_back(void)
{
    uint8_t packet[PACKET];
    uint32_t size = 0;

    enum usbd_status fetched = epout_end(1, packet, sizeof packet, &size);
    if (fetched != USBD_OK)
        return fetched;
    if (packet[0] == 'k')
        hands_off = true;
    else if (packet[0] == 'i')
        (void)!send_packets('i');
    else if (packet[0] == 'f')
        (void)!isoin_start(packet, size);
    else if (packet[0] == 'e')
        status[1] = !epin_ready(2) && epin_empty(2) ? USBD_BUSY : USBD_OK;
    else if (packet[0] == 'o')
        status[1] = take_isochronous();
    else
        while (epin_start(1, packet, size) == USBD_BUSY)
            ; /* in the thread only: the handler was quicker */
    return USBD_OK;
}

/* And when that is answered, looks what is there now: nothing, or the thread is taking it. */
static struct answer empty(bool keep_hands_off)
{
    uint8_t packet[PACKET];
    uint32_t size;

    hands_off = hands_off || keep_hands_off;
    if (endpoint_empty(0x01) != USBD_OK || usbd_accept_request() != USBD_OK)
        return stall();
    if (epout_end(1, packet, sizeof packet, &size) == USBD_OK)
        return stall();
    return (struct answer){.kind = ANSWER_HARDWARE}; /* answered already */
}

static struct answer vendor(const struct usbd_setup *setup)
{
    if (setup->request == REQUEST_STATUS)
        return send(status, sizeof status);
    if (setup->request == REQUEST_EMPTY)
        return empty(setup->value);
    job = setup->request;
    return accept();
}

static void event(enum usbd_event event)
{
    if (event != USBD_EVENT_PACKET || hands_off)
        return;
    if (epin_ready(1)) /* or asked again, when EasyDMA is done with it */
        (void)!send_back();
}

static enum usbd_status halt_for_a_moment(void)
{
    enum usbd_status halted = endpoint_halt(0x81);

    return halted == USBD_OK ? endpoint_clear_halt(0x81) : halted;
}

static enum usbd_status fetch(void)
{
    hands_off = false;
    return send_back();
}

static void work(void)
{
    uint8_t now = job;

    if (now == JOB_NONE)
        return;
    for (volatile uint32_t i = 0; i < A_LITTLE; i++)
        ;
    job = JOB_NONE;
    if (now == JOB_SEND)
        status[0] = (uint8_t)send_packets('t');
    else if (now == JOB_HALT)
        status[0] = (uint8_t)halt_for_a_moment();
    else if (now == JOB_FETCH)
        status[0] = (uint8_t)fetch();
    else
        status[0] = take_isochronous();
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
