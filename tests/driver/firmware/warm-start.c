/* SPDX-License-Identifier: Apache-2.0 */
/* A device behind a boot loader that used USB as well and left everything as it was. */
#include "driver/errata.h"
#include "driver/mmio.h"
#include "driver/registers.h"
#include "firmware/common/board.h"
#include "firmware/common/startup.h"

void on_usb_event(enum usbd_event event)
{
    (void)event;
}

static void boot_loader(void)
{
    task_trigger(REG_ADDR(CLOCK, TASKS_HFCLKSTART));
    while (!event_raised(REG_ADDR(CLOCK, EVENTS_HFCLKSTARTED)))
        ;
    errata_before_enable();
    mmio_write32(REG_ADDR(USBD, ENABLE), 1);
    while (!mmio_read32(REG_ADDR(USBD, EVENTCAUSE)))
        ;
    errata_after_ready();
    mmio_write32(REG_ADDR(USBD, SHORTS), FIELD_MASK(USBD_SHORTS_EP0DATADONE_EP0STATUS));
    usbd_connect();
    usbd_disconnect();
    mmio_write32(REG_ADDR(USBD, ENABLE), 0);
    task_trigger(REG_ADDR(CLOCK, TASKS_HFCLKSTOP));
}

int main(void)
{
    boot_loader();
    board_run();
}
