/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Step 1: see the host. Logs bus resets; the first SETUP packet ends the program, with success
 * when a reset came before it.
 */
#include "firmware/common/board.h"
#include "firmware/common/log.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

#include <stdbool.h>

static bool was_reset;

void on_usb_event(enum usbd_event event)
{
    switch (event) {
    case USBD_EVENT_RESET:
        log_line("USB reset");
        was_reset = true;
        break;
    case USBD_EVENT_SETUP:
        log_line("EP0 SETUP");
        program_exit(was_reset ? 0 : 1);
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
