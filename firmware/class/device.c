/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/class/device.h"

#include "driver/control.h"
#include "driver/critical.h"
#include "driver/endpoint.h"
#include "driver/mmio.h"
#include "driver/registers.h"
#include "firmware/class/standard.h"
#include "firmware/common/board.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

#include <stddef.h>

static const struct device *device;

/* The interrupt's, but for `news`. */
static struct control control;
static struct usbd_setup request; /* whose data stage `control` is */
static received_function *received;
static volatile bool unplugged;
static volatile bool adrift; /* no reset came since the plug was pulled */
static volatile bool news;   /* since the last time that `work` began */

/* ---- Requests ----------------------------------------------------------------------------------
 */

enum { REQUEST_TYPE = 0x60, TYPE_STANDARD = 0x00, TYPE_CLASS = 0x20, TYPE_VENDOR = 0x40 };

static struct answer class_answer(const struct usbd_setup *setup)
{
    const struct function *function = standard_function(device, setup);

    if (!device_configured() || !function || !function->request)
        return stall();
    received = function->received;
    return function->request(setup);
}

static struct answer vendor_answer(const struct usbd_setup *setup)
{
    received = device->vendor_received;
    return device->vendor ? device->vendor(setup) : stall();
}

static struct answer answer_to(const struct usbd_setup *setup)
{
    switch (setup->request_type & REQUEST_TYPE) {
    case TYPE_STANDARD:
        return standard_answer(device, setup);
    case TYPE_CLASS:
        return class_answer(setup);
    case TYPE_VENDOR:
        return vendor_answer(setup);
    default:
        return stall();
    }
}

static enum usbd_status finish_write(uint32_t size)
{
    return received && received(&request, size) ? usbd_accept_request() : usbd_stall_request();
}

static enum usbd_status give(const struct answer *answer)
{
    switch (answer->kind) {
    case ANSWER_STALL:
        return usbd_stall_request();
    case ANSWER_ACCEPT:
        return usbd_accept_request();
    case ANSWER_SEND:
        return control_read(&control, &request, answer->bytes, answer->size);
    case ANSWER_RECEIVE:
        return request.length == 0 ? finish_write(0)
                                   : control_write(&control, &request, answer->to, answer->size);
    case ANSWER_HARDWARE:
        break;
    }
    return USBD_OK;
}

/* What cannot be given is refused; if the request is over, that is refused too, and rightly. */
static void on_setup(void)
{
    request = usbd_read_setup();
    struct answer answer = answer_to(&request);
    if (give(&answer) != USBD_OK)
        (void)!usbd_stall_request();
}

static void on_progress(enum control_progress progress)
{
    if (progress == CONTROL_RECEIVED)
        (void)!finish_write(control_received(&control));
    if (progress == CONTROL_BROKEN)
        (void)!usbd_stall_request();
}

/* ---- Events and work ---------------------------------------------------------------------------
 */

void on_usb_event(enum usbd_event event)
{
    on_progress(control_on_event(&control, event));
    endpoint_on_event(event);
    if (event == USBD_EVENT_RESET) {
        standard_reset(device);
        adrift = false;
    }
    if (event == USBD_EVENT_SETUP)
        on_setup();
    if (event == USBD_EVENT_SUSPEND)
        (void)!usbd_sleep();
    if (device->event)
        device->event(event);
    news = true;
}

/* With interrupts masked WFI still ends: nothing gets lost between the look and the sleep. */
static void sleep_until_news(void)
{
    uint32_t before = critical_enter();

    if (!news)
        wait_for_interrupt();
    news = false;
    critical_leave(before);
}

/* ---- The plug ----------------------------------------------------------------------------------
 */

enum { POWER_IRQ = 0, INTERRUPT_USBREMOVED = 1 << 8 };

void power_clock_handler(void)
{
    event_clear(REG_ADDR(POWER, EVENTS_USBREMOVED));
    unplugged = true;
    news = true;
}

static void watch_plug(void)
{
    event_clear(REG_ADDR(POWER, EVENTS_USBREMOVED));
    mmio_write32(REG_ADDR(CLOCK, INTENSET), INTERRUPT_USBREMOVED);
    nvic_enable(POWER_IRQ);
}

/* Waits for a plug. What fails to start is a plug that was pulled meanwhile. */
static void start(void)
{
    while (usbd_power_up() != USBD_OK)
        (void)!usbd_power_down();
    usbd_watch(USBD_WATCH_BUS);
    board_connect();
}

/* In the thread, so that no call of the driver is half done. The functions learn of it by the reset
 * of the next host; until then they have no endpoints. */
static void stop(void)
{
    unplugged = false;
    adrift = true;
    nvic_disable(USBD_IRQ);
    while (usbd_power_down() != USBD_OK)
        continue;
}

void device_run(const struct device *description, void (*work)(void))
{
    device = description;
    watch_plug();
    start();
    for (;;) {
        sleep_until_news();
        if (unplugged) {
            stop();
            start();
        }
        if (work && !adrift)
            work();
    }
}
