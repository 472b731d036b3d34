/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Step 4: be listed by the host. Knows its state, sends device and configuration descriptor, takes
 * an address, and refuses all other requests. Runs for ever.
 */
#include "driver/ep0in.h"
#include "firmware/common/board.h"
#include "firmware/common/descriptors.h"
#include "firmware/common/log.h"
#include "firmware/common/request.h"
#include "firmware/common/startup.h"

/* USB 2.0, 9.1.1. */
static enum { STATE_DEFAULT, STATE_ADDRESS } state;

/* Sends a descriptor, no more of it than the host asked for. */
static enum usbd_status send(const uint8_t *bytes, uint32_t size, uint32_t length)
{
    return ep0in_start(bytes, size < length ? size : length, EP0IN_LAST);
}

static enum usbd_status set_address(uint32_t address)
{
    state = address == 0 ? STATE_DEFAULT : STATE_ADDRESS;
    return USBD_OK; /* hardware does the rest */
}

static enum usbd_status answer(const struct usbd_setup *setup)
{
    switch (request_kind(setup)) {
    case REQUEST_GET_DEVICE_DESCRIPTOR:
        return send(device_descriptor, DEVICE_DESCRIPTOR_SIZE, setup->length);
    case REQUEST_GET_CONFIGURATION_DESCRIPTOR:
        return send(configuration_descriptor, CONFIGURATION_SIZE, setup->length);
    case REQUEST_SET_ADDRESS:
        return set_address(setup->value);
    case REQUEST_SET_CONFIGURATION:
    case REQUEST_UNKNOWN:
        break;
    }
    return usbd_stall_request();
}

static void on_setup(void)
{
    struct usbd_setup setup = usbd_read_setup();

    request_log(&setup);
    enum usbd_status status = answer(&setup);
    if (status != USBD_OK)
        log_line("no answer: %s", usbd_status_sentence(status));
}

static void on_reset(void)
{
    log_line("USB reset");
    state = STATE_DEFAULT;
}

void on_usb_event(enum usbd_event event)
{
    switch (event) {
    case USBD_EVENT_RESET:
        on_reset();
        break;
    case USBD_EVENT_SETUP:
        on_setup();
        break;
    case USBD_EVENT_DATA_DONE:
        log_line("EP0IN: %s", usbd_status_sentence(ep0in_end()));
        break;
    case USBD_EVENT_OUT_END:
    case USBD_EVENT_PACKET:
    case USBD_EVENT_FRAME:
    case USBD_EVENT_SUSPEND:
    case USBD_EVENT_RESUME:
    case USBD_EVENT_NONE:
        break;
    }
}

int main(void)
{
    board_run();
}
