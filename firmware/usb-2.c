/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Step 2: understand the host. Reads SETUP packets; the request for the device descriptor ends the
 * program with success. SET_ADDRESS may come first: hardware answers it.
 */
#include "firmware/common/board.h"
#include "firmware/common/log.h"
#include "firmware/common/request.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

static void on_setup(void)
{
    struct usbd_setup setup = usbd_read_setup();

    request_log(&setup);
    switch (request_kind(&setup)) {
    case REQUEST_GET_DEVICE_DESCRIPTOR:
        program_exit(0);
    case REQUEST_SET_ADDRESS:
        break;
    case REQUEST_GET_CONFIGURATION_DESCRIPTOR:
    case REQUEST_SET_CONFIGURATION:
    case REQUEST_UNKNOWN:
        program_exit(1);
    }
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
