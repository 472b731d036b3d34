/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device that takes the packet of a vendor write and, when the request tells it to, misuses the
 * driver on the way. REPORT fetches what the misuse was answered with and the bytes received; after
 * a bus reset, whether endpoint 0 was busy or idle when it was told.
 */
#include "driver/ep0in.h"
#include "driver/ep0out.h"
#include "driver/mmio.h"
#include "driver/registers.h"
#include "firmware/common/board.h"
#include "firmware/common/startup.h"

enum {
    REQUEST_REPORT = 0,
    REQUEST_SECOND_ACCEPT = 1,
    REQUEST_START_OF_NOTHING = 2,
    REQUEST_EARLY_START = 3,
    REQUEST_SECOND_START = 4,
    REQUEST_ACCEPT_AFTER_START = 5,
    REQUEST_END_OF_NOTHING = 6,
    REQUEST_LITTLE_ROOM = 7,
    REQUEST_GIVE_UP = 8,
    REQUEST_GIVE_UP_AND_ACCEPT = 9,
    REQUEST_GIVE_UP_AND_SEND = 10,
};

static struct {
    uint8_t status;  /* of the misuse */
    uint8_t refused; /* size of the packet that did not fit */
    uint8_t size;
    uint8_t events; /* DATA_DONE and OUT_END */
    uint8_t received[60];
} report;

static uint8_t request;

static enum usbd_status take_packet(uint32_t room, uint8_t *size)
{
    uint32_t there = 0;
    enum usbd_status status = ep0out_end(report.received, room, &there);

    *size = (uint8_t)there;
    return status;
}

/* The host does not know that the packet was given up, and sends it all the same. */
static void give_up_packet(void)
{
    (void)!ep0out_accept();
    (void)!ep0out_recover();
}

static void wait_for_data_done(void)
{
    while (!event_raised(REG_ADDR(USBD, EVENTS_EP0DATADONE)))
        ;
}

static enum usbd_status accept_after_lost_packet(void)
{
    give_up_packet();
    wait_for_data_done();
    (void)!ep0out_accept();
    return ep0out_start();
}

static enum usbd_status send_after_lost_packet(void)
{
    static const uint8_t bytes[4];

    give_up_packet();
    wait_for_data_done();
    (void)!ep0in_start(bytes, sizeof bytes, EP0IN_MORE);
    while (!event_raised(REG_ADDR_N(USBD, EVENTS_ENDEPIN, 0)))
        ;
    return ep0in_end();
}

static enum usbd_status accept_and(enum usbd_status (*misuse)(void))
{
    (void)!ep0out_accept();
    return misuse();
}

static enum usbd_status misuse_and_accept(enum usbd_status status)
{
    (void)!ep0out_accept();
    return status;
}

static enum usbd_status answer_setup(void)
{
    switch (request) {
    case REQUEST_SECOND_ACCEPT:
        return accept_and(ep0out_accept);
    case REQUEST_EARLY_START:
        return accept_and(ep0out_start);
    case REQUEST_START_OF_NOTHING:
        return misuse_and_accept(ep0out_start());
    case REQUEST_END_OF_NOTHING:
        return misuse_and_accept(take_packet(sizeof report.received, &report.refused));
    case REQUEST_GIVE_UP:
        give_up_packet();
        return USBD_OK;
    case REQUEST_GIVE_UP_AND_ACCEPT:
        return accept_after_lost_packet();
    case REQUEST_GIVE_UP_AND_SEND:
        return send_after_lost_packet();
    default:
        return ep0out_accept();
    }
}

static void on_setup(void)
{
    request = usbd_read_setup().request;
    if (request == REQUEST_REPORT) {
        (void)!ep0in_start(&report, sizeof report, EP0IN_LAST);
        return;
    }
    report.status = (uint8_t)answer_setup();
}

static void on_data_done(void)
{
    if (!ep0out_accepting()) {
        (void)!ep0in_end();
        return;
    }
    (void)!ep0out_start();
    if (request == REQUEST_SECOND_START)
        report.status = (uint8_t)ep0out_start();
    if (request == REQUEST_ACCEPT_AFTER_START)
        report.status = (uint8_t)ep0out_accept();
}

static void on_out_end(void)
{
    if (request == REQUEST_LITTLE_ROOM)
        report.status = (uint8_t)take_packet(sizeof report.received - 1, &report.refused);
    if (take_packet(sizeof report.received, &report.size) == USBD_OK)
        (void)!usbd_accept_request();
}

static enum usbd_status state_of_endpoint0(void)
{
    bool busy = ep0in_busy() || ep0out_accepting() || ep0out_receiving();

    return busy ? USBD_BUSY : USBD_IDLE;
}

void on_usb_event(enum usbd_event event)
{
    if (event == USBD_EVENT_RESET)
        report.status = (uint8_t)state_of_endpoint0();
    if (event == USBD_EVENT_SETUP)
        on_setup();
    if (event == USBD_EVENT_DATA_DONE || event == USBD_EVENT_OUT_END)
        report.events++;
    if (event == USBD_EVENT_DATA_DONE)
        on_data_done();
    if (event == USBD_EVENT_OUT_END)
        on_out_end();
}

int main(void)
{
    board_run();
}
