/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Step 3: answer the host. Sends the device descriptor whenever it is asked for; the first request
 * beyond that ends the program, with success when the descriptor went out before.
 */
#include "driver/ep0in.h"
#include "firmware/common/board.h"
#include "firmware/common/descriptors.h"
#include "firmware/common/log.h"
#include "firmware/common/request.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

#include <stdbool.h>

static bool was_sent;

static void send_device_descriptor(uint32_t length)
{
    uint32_t size = length < DEVICE_DESCRIPTOR_SIZE ? length : DEVICE_DESCRIPTOR_SIZE;
    enum usbd_status status = ep0in_start(device_descriptor, size, EP0IN_LAST);

    log_line("EP0IN: start %u bytes: %s", (unsigned)size, usbd_status_sentence(status));
}

static void on_setup(void)
{
    struct usbd_setup setup = usbd_read_setup();

    request_log(&setup);
    switch (request_kind(&setup)) {
    case REQUEST_GET_DEVICE_DESCRIPTOR:
        send_device_descriptor(setup.length);
        break;
    case REQUEST_SET_ADDRESS: /* hardware answers it */
        break;
    case REQUEST_GET_CONFIGURATION_DESCRIPTOR:
    case REQUEST_SET_CONFIGURATION:
    case REQUEST_UNKNOWN:
        program_exit(was_sent ? 0 : 1);
    }
}

static void on_data_done(void)
{
    enum usbd_status status = ep0in_end();

    log_line("EP0IN: %s", usbd_status_sentence(status));
    was_sent = status == USBD_OK;
}

void on_usb_event(enum usbd_event event)
{
    switch (event) {
    case USBD_EVENT_RESET:
        log_line("USB reset");
        break;
    case USBD_EVENT_SETUP:
        on_setup();
        break;
    case USBD_EVENT_DATA_DONE:
        on_data_done();
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
