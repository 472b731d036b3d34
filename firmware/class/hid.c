/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/class/hid.h"

#include "driver/epin.h"

enum {
    GET_REPORT = 0x01, /* HID 1.11, 7.2 */
    GET_IDLE = 0x02,
    GET_PROTOCOL = 0x03,
    SET_REPORT = 0x09,
    SET_IDLE = 0x0a,
    SET_PROTOCOL = 0x0b,
    GET_DESCRIPTOR = 0x06, /* USB 2.0, table 9-4 */

    FROM_HOST = 0x21, /* bmRequestType */
    TO_HOST = 0xa1,
    DESCRIPTOR_TO_HOST = 0x81,

    REPORT_INPUT = 1, /* high byte of wValue */
    REPORT_OUTPUT = 2,

    PROTOCOL_REPORT = 1,
};

/* A keyboard of six keys at a time and five LEDs (HID 1.11, E.6). */
static const uint8_t report_descriptor[HID_REPORT_DESCRIPTOR_SIZE] = {
    0x05, 0x01, 0x09, 0x06, 0xa1, 0x01,             /* Generic Desktop, Keyboard, Application */
    0x05, 0x07, 0x19, 0xe0, 0x29, 0xe7,             /* Key Codes: the eight modifiers, */
    0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x08, /* one bit each */
    0x81, 0x02,                                     /* Input (Variable) */
    0x95, 0x01, 0x75, 0x08, 0x81, 0x01,             /* a byte that is reserved */
    0x95, 0x05, 0x75, 0x01, 0x05, 0x08,             /* LEDs: five, one bit each */
    0x19, 0x01, 0x29, 0x05, 0x91, 0x02,             /* Output (Variable) */
    0x95, 0x01, 0x75, 0x03, 0x91, 0x01,             /* three bits that fill the byte */
    0x95, 0x06, 0x75, 0x08, 0x15, 0x00, 0x25, 0x65, /* six keys, a byte each, 0 to 101 */
    0x05, 0x07, 0x19, 0x00, 0x29, 0x65, 0x81, 0x00, /* Input (Array) */
    0xc0,
};

static const uint8_t hid_descriptor[] = {HID_CLASS_BYTES};

/* All of it is the USBD interrupt's. */
static struct hid_report report;
static bool due;      /* the report has to be sent */
static uint8_t idle;  /* in units of 4 ms; 0: only when something changes */
static uint8_t value; /* the byte of an answer */
static uint8_t protocol = PROTOCOL_REPORT;
static uint8_t leds;
static uint8_t new_leds;
static uint32_t frames; /* since the last report */

static struct answer reply(uint8_t with)
{
    value = with;
    return send(&value, 1);
}

static struct answer get_report(const struct usbd_setup *setup)
{
    if (setup->value == REPORT_INPUT << 8)
        return send(&report, sizeof report);
    return setup->value == REPORT_OUTPUT << 8 ? reply(leds) : stall();
}

static struct answer to_host(const struct usbd_setup *setup)
{
    switch (setup->request) {
    case GET_REPORT:
        return get_report(setup);
    case GET_IDLE:
        return setup->value == 0 ? reply(idle) : stall();
    case GET_PROTOCOL:
        return setup->value == 0 ? reply(protocol) : stall();
    default:
        return stall();
    }
}

static struct answer set_idle(const struct usbd_setup *setup)
{
    if ((setup->value & 0xff) != 0 || setup->length != 0) /* there is one report, without ID */
        return stall();
    idle = (uint8_t)(setup->value >> 8);
    frames = 0;
    return accept();
}

static struct answer set_protocol(const struct usbd_setup *setup)
{
    if (setup->value > PROTOCOL_REPORT || setup->length != 0)
        return stall();
    protocol = (uint8_t)setup->value;
    return accept();
}

static struct answer from_host(const struct usbd_setup *setup)
{
    switch (setup->request) {
    case SET_REPORT:
        return setup->value == REPORT_OUTPUT << 8 && setup->length == 1
                   ? receive(&new_leds, sizeof new_leds)
                   : stall();
    case SET_IDLE:
        return set_idle(setup);
    case SET_PROTOCOL:
        return set_protocol(setup);
    default:
        return stall();
    }
}

static struct answer descriptor(const struct usbd_setup *setup)
{
    if (setup->value == DESCRIPTOR_HID << 8)
        return send(hid_descriptor, sizeof hid_descriptor);
    if (setup->value == DESCRIPTOR_REPORT << 8)
        return send(report_descriptor, sizeof report_descriptor);
    return stall();
}

static struct answer request(const struct usbd_setup *setup)
{
    if (setup->request_type == DESCRIPTOR_TO_HOST && setup->request == GET_DESCRIPTOR)
        return descriptor(setup);
    if (setup->request_type == TO_HOST)
        return to_host(setup);
    return setup->request_type == FROM_HOST ? from_host(setup) : stall();
}

static bool received(const struct usbd_setup *setup, uint32_t size)
{
    (void)setup;
    if (size != sizeof new_leds)
        return false;
    leds = new_leds;
    return true;
}

static void opened(void)
{
    report = (struct hid_report){0};
    due = false;
    idle = 0;
    protocol = PROTOCOL_REPORT;
    usbd_watch(USBD_WATCH_FRAMES);
}

const struct function hid_function = {
    .first = 0, .count = 1, .request = request, .received = received, .opened = opened};
const struct function hid_second_function = {
    .first = 2, .count = 1, .request = request, .received = received, .opened = opened};

/* ---- Reports -----------------------------------------------------------------------------------
 */

void hid_press(uint8_t modifiers, uint8_t key)
{
    report = (struct hid_report){.modifiers = modifiers, .keys = {key}};
    due = true;
}

bool hid_is_told(void)
{
    return device_configured() && !due && epin_empty(ENDPOINT_NUMBER(HID_IN));
}

uint8_t hid_leds(void)
{
    return leds;
}

/* What has not changed is sent again when the idle time is over (HID 1.11, 7.2.4). */
static void count_frame(void)
{
    frames++;
    if (idle != 0 && frames >= idle * 4u)
        due = true;
}

void hid_on_event(enum usbd_event event)
{
    if (event == USBD_EVENT_FRAME)
        count_frame();
    if (!due || epin_start(ENDPOINT_NUMBER(HID_IN), &report, sizeof report) != USBD_OK)
        return;
    due = false;
    frames = 0;
}
