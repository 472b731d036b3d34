/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device that asks the host to resume the bus soon after each suspend, the first time awake, then
 * asleep, and so on. Vendor request MASK keeps the interrupts masked for some 40 ms, and then there
 * is nothing more to ask; COUNTS gives how often it was suspended and resumed.
 */
#include "driver/critical.h"
#include "driver/ep0in.h"
#include "firmware/common/board.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

enum { REQUEST_COUNTS = 0, REQUEST_MASK = 1 };

static volatile bool suspended;
static volatile bool mask;
static bool asks = true;
static struct {
    uint8_t suspended;
    uint8_t resumed;
} counts;

static void on_setup(void)
{
    if (usbd_read_setup().request == REQUEST_COUNTS) {
        (void)!ep0in_start(&counts, sizeof counts, EP0IN_LAST);
        return;
    }
    asks = false;
    mask = true;
    (void)!usbd_accept_request();
}

static void on_suspend(void)
{
    if (counts.suspended++ % 2 || !asks) {
        (void)!usbd_sleep();
        (void)!usbd_sleep(); /* asleep already: nothing is done */
    }
    suspended = asks;
}

void on_usb_event(enum usbd_event event)
{
    if (event == USBD_EVENT_SETUP)
        on_setup();
    if (event == USBD_EVENT_DATA_DONE)
        (void)!ep0in_end();
    if (event == USBD_EVENT_SUSPEND)
        on_suspend();
    if (event == USBD_EVENT_RESUME)
        counts.resumed++;
}

static void wait(uint32_t turns)
{
    for (volatile uint32_t i = 0; i < turns; i++)
        ;
}

static void keep_masked(void)
{
    uint32_t before = critical_enter();

    mask = false;
    wait(400000);
    critical_leave(before);
}

static void sleep_until_news(void)
{
    uint32_t before = critical_enter();

    if (!suspended && !mask)
        wait_for_interrupt();
    critical_leave(before);
}

int main(void)
{
    board_start();
    usbd_watch(USBD_WATCH_BUS);
    for (;;) {
        sleep_until_news();
        if (mask)
            keep_masked();
        if (!suspended)
            continue;
        suspended = false;
        wait(20000);
        (void)!usbd_wake_host();
    }
}
