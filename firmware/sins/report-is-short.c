/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report descriptor is shorter than the HID descriptor says (HID 1.11, 6.2.1).
 *
 * red: hid-descriptors
 */
#include "firmware/class/hid.h"

static struct answer request(const struct usbd_setup *setup)
{
    struct answer answer = hid_function.request(setup);

    if (setup->value == DESCRIPTOR_REPORT << 8 && answer.kind == ANSWER_SEND)
        answer.size--;
    return answer;
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
