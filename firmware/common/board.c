/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/common/board.h"

#include "firmware/common/core.h"
#include "firmware/common/log.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

void board_connect(void)
{
    nvic_enable(USBD_IRQ);
    usbd_connect();
}

void board_start(void)
{
    enum usbd_status status = usbd_power_up();

    if (status != USBD_OK) {
        log_line("USBD does not start: %s", usbd_status_sentence(status));
        program_exit(1);
    }
    board_connect();
}

void board_run(void)
{
    board_start();
    for (;;)
        wait_for_interrupt();
}

void usbd_handler(void)
{
    enum usbd_event event;

    while ((event = usbd_next_event()) != USBD_EVENT_NONE)
        on_usb_event(event);
}
