/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SET_PROTOCOL is accepted, and nothing comes of it (HID 1.11, 7.2.6).
 *
 * red: hid-protocol
 */
#include "firmware/class/hid.h"

enum { SET_PROTOCOL = 11 };

static struct answer request(const struct usbd_setup *setup)
{
    return setup->request_type == 0x21 && setup->request == SET_PROTOCOL
               ? accept()
               : hid_function.request(setup);
}

static bool received(const struct usbd_setup *setup, uint32_t size)
{
    return hid_function.received(setup, size);
}

static void opened(void)
{
    hid_function.opened();
}

static const struct function changed_function = {
    .first = 0, .count = 1, .request = request, .received = received, .opened = opened};

#define hid_function changed_function
#include "firmware/hid-keyboard.c"
