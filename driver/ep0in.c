/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/ep0in.h"

#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "driver/mmio.h"
#include "driver/registers.h"

/* The CPU's while !busy, EasyDMA's while busy. Only ep0in_start stores here. */
static uint8_t ep0in_buffer[EP0_PACKET_MAX] __attribute__((aligned(4)));

static bool busy;
static bool last;

static void clear_events(void)
{
    event_clear(REG_ADDR(USBD, EVENTS_EP0DATADONE));
    event_clear(REG_ADDR_N(USBD, EVENTS_ENDEPIN, 0));
    event_clear(REG_ADDR(USBD, EVENTS_STARTED));
    mmio_write32(REG_ADDR(USBD, EPSTATUS), FIELD_PREP(USBD_EPSTATUS_EPIN, 1));
}

static void allow_status_after(enum ep0in_part part)
{
    uint32_t shortcut = FIELD_MASK(USBD_SHORTS_EP0DATADONE_EP0STATUS);

    mmio_write32(REG_ADDR(USBD, SHORTS), part == EP0IN_LAST ? shortcut : 0);
}

enum usbd_status ep0in_start(const void *bytes, uint32_t size, enum ep0in_part part)
{
    if (busy)
        return USBD_BUSY;
    if (size > sizeof ep0in_buffer)
        return USBD_TOO_LONG;

    memcpy(ep0in_buffer, bytes, size);
    clear_events(); /* one left over from an aborted transfer must not end this one */
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

static void release_buffer(void)
{
    dma_end();
    clear_events();
    errata_after_dma();
    mmio_write32(REG_ADDR(USBD, SHORTS), 0);
    busy = false;
}

enum usbd_status ep0in_end(void)
{
    if (!busy)
        return USBD_IDLE;
    if (!event_raised(REG_ADDR(USBD, EVENTS_EP0DATADONE)) ||
        !event_raised(REG_ADDR_N(USBD, EVENTS_ENDEPIN, 0)))
        return USBD_NOT_DONE;

    release_buffer();
    return USBD_OK;
}

/* The packet may sit in the endpoint already and would answer the next transfer's IN token. A
 * vendor driver disarms the endpoint this way; the registers are not documented. */
static void disarm(void)
{
    enum { IN0_CONTROL = 0x7b4, ABORT = 1 << 2 };
    uint32_t data = REG_ADDR(USBD, UNDOC_MACDATA);

    mmio_write32(REG_ADDR(USBD, UNDOC_MACINDEX), IN0_CONTROL);
    mmio_write32(data, mmio_read32(data) | ABORT);
    (void)mmio_read32(data);
}

enum usbd_status ep0in_recover(void)
{
    enum { POLLS = 20000 };

    if (!busy)
        return USBD_OK;
    if (!mmio_wait(REG_ADDR_N(USBD, EVENTS_ENDEPIN, 0), UINT32_MAX, POLLS))
        return USBD_TIMEOUT;

    disarm();
    release_buffer();
    return USBD_OK;
}

bool ep0in_busy(void)
{
    return busy;
}

bool ep0in_sending_last(void)
{
    return busy && last;
}
