/* SPDX-License-Identifier: Apache-2.0 */
/*
 * usb-3-memcpy-after-start, repaired: the buffer is filled before it is given to EasyDMA.
 */
#define ep0in_start ep0in_start_without_race /* all of the driver but this function */
#include "driver/ep0in.c"
#include "driver/errata.h"
#include "driver/fence.h"
#undef ep0in_start
enum usbd_status ep0in_start(const void *bytes, uint32_t size, enum ep0in_part part);
enum usbd_status ep0in_start(const void *bytes, uint32_t size, enum ep0in_part part)
{
    if (busy)
        return USBD_BUSY;
    if (size > sizeof ep0in_buffer)
        return USBD_TOO_LONG;
    dma_end(); /* the host has the packet before: EasyDMA has ended */
    memcpy(ep0in_buffer, bytes, size);
    event_clear(REG_ADDR(USBD, EVENTS_EP0DATADONE));
    allow_status_after(part);
    mmio_write32(REG_ADDR_N(USBD, EPIN_PTR, 0), (uint32_t)(uintptr_t)ep0in_buffer);
    mmio_write32(REG_ADDR_N(USBD, EPIN_MAXCNT, 0), size);
    busy = true;
    last = part == EP0IN_LAST;
    errata_before_dma();
    dma_start();
    task_trigger(REG_ADDR_N(USBD, TASKS_STARTEPIN, 0));
    return USBD_OK;
}
