/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device that misuses the driver when a vendor request tells it to. The misuse answers by status,
 * which the host fetches with the next request.
 */
#include "driver/engine.h"
#include "driver/ep0in.h"
#include "driver/ep0out.h"
#include "driver/mmio.h"
#include "driver/registers.h"
#include "firmware/common/board.h"
#include "firmware/common/startup.h"

enum {
    REQUEST_REPORT = 0,
    REQUEST_SECOND_START = 1,
    REQUEST_TOO_LONG = 2,
    REQUEST_EARLY_END = 3,
    REQUEST_END_OF_NOTHING = 4,
    REQUEST_STALL_AFTER_START = 5,
    REQUEST_ACCEPT_AFTER_START = 6,
    REQUEST_OUT_AFTER_START = 7,
    REQUEST_END_BEFORE_HOST = 8,
    REQUEST_END_BEFORE_ENGINE = 9,
};

static const uint8_t right[EP0_PACKET_MAX] = {0x11, 0x22, 0x33, 0x44};
static const uint8_t wrong[EP0_PACKET_MAX + 1] = {0xbb};

static uint8_t refusal;

/* The packet has left RAM, but the host has not asked for it. */
static enum usbd_status end_before_host(void)
{
    while (engine_owns(ENGINE_IN(0)))
        (void)engine_poll();
    return ep0in_end();
}

/* The host has the packet, but nobody has looked whether EasyDMA is done with the buffer. */
static enum usbd_status end_before_engine(void)
{
    while (!event_raised(REG_ADDR(USBD, EVENTS_EP0DATADONE)))
        ;
    return ep0in_end();
}

static enum usbd_status misuse(uint8_t request)
{
    switch (request) {
    case REQUEST_SECOND_START:
        return ep0in_start(wrong, 4, EP0IN_LAST);
    case REQUEST_EARLY_END:
        return ep0in_end();
    case REQUEST_END_BEFORE_HOST:
        return end_before_host();
    case REQUEST_END_BEFORE_ENGINE:
        return end_before_engine();
    case REQUEST_STALL_AFTER_START:
        return usbd_stall_request();
    case REQUEST_ACCEPT_AFTER_START:
        return usbd_accept_request();
    case REQUEST_OUT_AFTER_START:
        return ep0out_accept();
    default:
        return USBD_OK;
    }
}

static void start_and_misuse(uint8_t request)
{
    if (ep0in_start(right, 4, EP0IN_LAST) == USBD_OK)
        refusal = (uint8_t)misuse(request);
}

/* The two that come before any start. */
static void misuse_and_start(enum usbd_status status)
{
    refusal = (uint8_t)status;
    (void)!ep0in_start(right, 4, EP0IN_LAST);
}

static void on_setup(uint8_t request)
{
    if (request == REQUEST_REPORT)
        (void)!ep0in_start(&refusal, sizeof refusal, EP0IN_LAST);
    else if (request == REQUEST_TOO_LONG)
        misuse_and_start(ep0in_start(wrong, sizeof wrong, EP0IN_LAST));
    else if (request == REQUEST_END_OF_NOTHING)
        misuse_and_start(ep0in_end());
    else
        start_and_misuse(request);
}

void on_usb_event(enum usbd_event event)
{
    if (event == USBD_EVENT_SETUP)
        on_setup(usbd_read_setup().request);
    if (event == USBD_EVENT_DATA_DONE)
        (void)!ep0in_end();
}

int main(void)
{
    board_run();
}
