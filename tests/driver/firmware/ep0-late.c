/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device whose handler is slow: it deals with a vendor request when the next SETUP has already
 * arrived. Records what the driver then says; the request REPORT fetches it.
 */
#include "driver/endpoint.h"
#include "driver/ep0in.h"
#include "driver/ep0out.h"
#include "driver/epin.h"
#include "driver/mmio.h"
#include "driver/registers.h"
#include "firmware/common/board.h"
#include "firmware/common/startup.h"

enum {
    REQUEST_REPORT = 0,
    REQUEST_LATE_PACKET = 1,
    REQUEST_MIDDLE_PACKET = 2,
    REQUEST_LAST_PACKET = 3,
    REQUEST_LATE_STALL = 4,
    REQUEST_LATE_ACCEPT = 5,
    REQUEST_EARLY_OUT_END = 6,
    REQUEST_LATE_OUT_END = 7,
    REQUEST_SLOW_PACKET = 8,
    REQUEST_LAST_AND_BULK = 9,
    REQUEST_OTHER_PACKET = 10,
    REQUEST_SLOW_OUT = 11,
    REQUEST_LATE_OUT = 12,
    REQUEST_STALL_AWAITING = 13,
    REQUEST_STALL_RECEIVING = 14,
};

/* The status of the call in question, then the events up to the next SETUP. */
static struct {
    uint8_t status;
    uint8_t events;
    uint8_t event[2];
} report;

static const uint8_t old[EP0_PACKET_MAX] = {0xdd, 0xdd, 0xdd, 0xdd};
static const uint8_t other[EP0_PACKET_MAX] = {0xee, 0xdd, 0xdd,
                                              0xdd}; /* but for one byte the same */
static uint8_t received[EP0_PACKET_MAX];
static uint8_t request;
static uint16_t delay; /* wValue */

static void wait_for_next_setup(void)
{
    while (!event_raised(REG_ADDR(USBD, EVENTS_EP0SETUP)))
        ;
}

static enum usbd_status late_answer(void)
{
    wait_for_next_setup();
    switch (request) {
    case REQUEST_LATE_PACKET:
        return ep0in_start(old, sizeof old, EP0IN_LAST);
    case REQUEST_LATE_OUT:
        return ep0out_accept();
    case REQUEST_LATE_STALL:
        return usbd_stall_request();
    default:
        return usbd_accept_request();
    }
}

static enum usbd_status packet_before_setup(enum ep0in_part part)
{
    enum usbd_status status = ep0in_start(old, sizeof old, part);

    wait_for_next_setup();
    return status;
}

/* EasyDMA has not ended with the first when the second is asked for. */
static enum usbd_status packets_before_setup(void)
{
    if (endpoint_open(0x81) != USBD_OK)
        return USBD_TIMEOUT;
    enum usbd_status status = ep0in_start(old, sizeof old, EP0IN_LAST);
    if (status == USBD_OK)
        status = epin_start(1, old, 1);
    wait_for_next_setup();
    return status;
}

static void wait(uint32_t turns)
{
    for (volatile uint32_t i = 0; i < turns; i++)
        ;
}

/* Another SETUP may come before the packet is started, and be served before the handler looks
 * again.
 */
static enum usbd_status packet_of_slow_handler(void)
{
    wait(delay);
    enum usbd_status status = ep0in_start(old, sizeof old, EP0IN_LAST);
    wait(200);
    return status;
}

static enum usbd_status accept_of_slow_handler(void)
{
    wait(delay);
    enum usbd_status status = ep0out_accept();
    wait(200);
    return status;
}

/* The packet is let in already: too late to refuse. */
static enum usbd_status stall_awaiting(void)
{
    return ep0out_accept() == USBD_OK ? usbd_stall_request() : USBD_TIMEOUT;
}

static enum usbd_status answer(void)
{
    switch (request) {
    case REQUEST_MIDDLE_PACKET:
        return packet_before_setup(EP0IN_MORE);
    case REQUEST_LAST_PACKET:
        return packet_before_setup(EP0IN_LAST);
    case REQUEST_LAST_AND_BULK:
        return packets_before_setup();
    case REQUEST_SLOW_PACKET:
        return packet_of_slow_handler();
    case REQUEST_SLOW_OUT:
        return accept_of_slow_handler();
    case REQUEST_STALL_AWAITING:
        return stall_awaiting();
    case REQUEST_STALL_RECEIVING:
    case REQUEST_EARLY_OUT_END:
    case REQUEST_LATE_OUT_END:
        return ep0out_accept();
    default:
        return late_answer();
    }
}

static void on_setup(void)
{
    struct usbd_setup setup = usbd_read_setup();

    request = setup.request;
    delay = setup.value;
    if (request == REQUEST_REPORT) {
        (void)!ep0in_start(&report, sizeof report, EP0IN_LAST);
        return;
    }
    if (request == REQUEST_OTHER_PACKET) {
        (void)!ep0in_start(other, sizeof other, EP0IN_LAST);
        return;
    }
    report.events = 0;
    report.status = (uint8_t)answer();
}

static void on_data_done(void)
{
    uint32_t size;

    if (!ep0out_accepting()) {
        (void)!ep0in_end();
        return;
    }
    (void)!ep0out_start();
    if (request == REQUEST_LATE_OUT_END) {
        wait_for_next_setup();
        return;
    }
    if (request == REQUEST_STALL_RECEIVING)
        report.status = (uint8_t)usbd_stall_request();
    else if (request != REQUEST_STALL_AWAITING)
        report.status = (uint8_t)ep0out_end(received, sizeof received, &size);
}

static void on_out_end(void)
{
    uint32_t size;

    if (ep0out_end(received, sizeof received, &size) == USBD_OK)
        (void)!usbd_accept_request();
}

void on_usb_event(enum usbd_event event)
{
    endpoint_on_event(event);
    if (report.events < sizeof report.event)
        report.event[report.events++] = (uint8_t)event;
    if (event == USBD_EVENT_SETUP)
        on_setup();
    if (event == USBD_EVENT_DATA_DONE)
        on_data_done();
    if (event == USBD_EVENT_OUT_END)
        on_out_end();
}

int main(void)
{
    board_run();
}
