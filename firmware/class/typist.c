/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/class/typist.h"

#include "firmware/class/hid.h"
#include "firmware/common/timer.h"

#include <stdbool.h>

enum { PATIENCE_MS = 100, KEY_A = 4, LED_CAPS_LOCK = 2, LEFT_SHIFT = 2 };

static const char word[] = "fencepost";

static uint32_t typed;
static bool pressed;
static bool was_configured;

static void type_again(void)
{
    typed = 0;
    pressed = false;
}

/* A key goes down, and up again, each when the host has been told of the one before. */
static void type_on(void)
{
    if (!hid_is_told())
        return;
    if (pressed) {
        hid_press(0, 0);
        pressed = false;
        typed++;
    } else if (word[typed] != '\0') {
        hid_press(hid_leds() & LED_CAPS_LOCK ? LEFT_SHIFT : 0,
                  (uint8_t)(word[typed] - 'a' + KEY_A));
        pressed = true;
    }
}

static void wake_host(void)
{
    if (device_may_wake_host() && usbd_wake_host() == USBD_OK)
        type_again();
}

void typist_on_event(enum usbd_event event)
{
    if (device_configured() && !was_configured)
        type_again();
    was_configured = device_configured();
    if (event == USBD_EVENT_SUSPEND)
        timer_start(PATIENCE_MS, wake_host);
    if (event == USBD_EVENT_RESUME || event == USBD_EVENT_RESET)
        timer_stop();
    type_on();
    hid_on_event(event);
}
