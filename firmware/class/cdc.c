/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/class/cdc.h"

#include "driver/critical.h"
#include "driver/epin.h"
#include "driver/epout.h"

enum {
    SET_LINE_CODING = 0x20, /* PSTN 1.2, 6.3 */
    GET_LINE_CODING = 0x21,
    SET_CONTROL_LINE_STATE = 0x22,
    SEND_BREAK = 0x23,

    FROM_HOST = 0x21, /* bmRequestType */
    TO_HOST = 0xa1,

    LINE_DTR = 1, /* wValue of SET_CONTROL_LINE_STATE */

    SERIAL_STATE = 0x20, /* PSTN 1.2, 6.5.4 */
    STATE_DCD = 1,
    STATE_DSR = 2,
    STATE_BREAK = 4,

    LINE_CODING_SIZE = 7,
};

/* dwDTERate, bCharFormat, bParityType, bDataBits: 115200 8N1. */
static uint8_t line_coding[LINE_CODING_SIZE] = {LE32(115200), 0, 0, 8};
static uint8_t new_line_coding[LINE_CODING_SIZE];
static volatile uint8_t state;
static volatile bool state_is_news;

static void change_state(uint8_t to)
{
    state = to;
    state_is_news = true;
}

/* A break of 0 ms ends one. */
static void on_break(uint16_t milliseconds)
{
    uint8_t others = state & (STATE_DCD | STATE_DSR);

    change_state((uint8_t)(milliseconds != 0 ? others | STATE_BREAK : others));
}

static struct answer from_host(const struct usbd_setup *setup)
{
    bool connected = setup->value & LINE_DTR;

    switch (setup->request) {
    case SET_LINE_CODING:
        return setup->value == 0 && setup->length == LINE_CODING_SIZE
                   ? receive(new_line_coding, sizeof new_line_coding)
                   : stall();
    case SET_CONTROL_LINE_STATE:
        if (setup->length != 0)
            return stall();
        change_state(connected ? STATE_DCD | STATE_DSR : 0);
        return accept();
    case SEND_BREAK:
        if (setup->length != 0)
            return stall();
        on_break(setup->value);
        return accept();
    default:
        return stall();
    }
}

static struct answer request(const struct usbd_setup *setup)
{
    if (setup->index != 0) /* the communication interface */
        return stall();
    if (setup->request_type == FROM_HOST)
        return from_host(setup);
    if (setup->request_type == TO_HOST && setup->request == GET_LINE_CODING && setup->value == 0)
        return send(line_coding, sizeof line_coding);
    return stall();
}

/* PSTN 1.2, table 17: one or more stop bits, parity none to space, 5 to 8 or 16 data bits. */
static bool is_line_coding(const uint8_t *coding)
{
    return coding[4] <= 2 && coding[5] <= 4 &&
           ((coding[6] >= 5 && coding[6] <= 8) || coding[6] == 16);
}

static bool received(const struct usbd_setup *setup, uint32_t size)
{
    (void)setup;
    if (size != LINE_CODING_SIZE || !is_line_coding(new_line_coding))
        return false;
    for (unsigned i = 0; i < LINE_CODING_SIZE; i++)
        line_coding[i] = new_line_coding[i];
    return true;
}

static void opened(void)
{
    change_state(0);
    state_is_news = false;
}

const struct function cdc_function = {
    .first = 0,
    .count = CDC_INTERFACES,
    .request = request,
    .received = received,
    .opened = opened,
};

/* ---- Data --------------------------------------------------------------------------------------
 */

static void tell_state(void)
{
    if (!state_is_news || !epin_ready(ENDPOINT_NUMBER(CDC_NOTIFICATION)))
        return;
    state_is_news = false; /* before it is read: a change from here on is news again */
    const uint8_t notification[10] = {TO_HOST, SERIAL_STATE, LE16(0), LE16(0), LE16(2), state, 0};
    (void)!epin_start(ENDPOINT_NUMBER(CDC_NOTIFICATION), notification, sizeof notification);
}

/* Only when the answer has room is the question taken. */
static bool echo_packet(void)
{
    uint8_t packet[ENDPOINT_PACKET_MAX];
    uint32_t size = 0;

    if (!epin_ready(ENDPOINT_NUMBER(CDC_IN)) ||
        epout_end(ENDPOINT_NUMBER(CDC_OUT), packet, sizeof packet, &size) != USBD_OK)
        return false;
    return epin_start(ENDPOINT_NUMBER(CDC_IN), packet, size) == USBD_OK;
}

void cdc_echo(void)
{
    tell_state();
    while (echo_packet())
        ;
}
