/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/ep0out.h"

#include "driver/ep0in.h"
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "driver/mmio.h"
#include "driver/registers.h"

/* EasyDMA's while RECEIVING, the CPU's otherwise. The CPU never stores here. */
static uint8_t ep0out_buffer[EP0_PACKET_MAX] __attribute__((aligned(4)));

static enum { IDLE, ACCEPTING, RECEIVING } state;
static uint32_t packet_size;

enum usbd_status ep0out_accept(void)
{
    if (state != IDLE || ep0in_busy())
        return USBD_BUSY;

    /* Left over from the last packet, or from a transfer that was aborted. */
    event_clear(REG_ADDR(USBD, EVENTS_EP0DATADONE));
    state = ACCEPTING;
    task_trigger(REG_ADDR(USBD, TASKS_EP0RCVOUT));
    return USBD_OK;
}

enum usbd_status ep0out_start(void)
{
    if (state == IDLE)
        return USBD_IDLE;
    if (state == RECEIVING)
        return USBD_BUSY;
    if (!event_raised(REG_ADDR(USBD, EVENTS_EP0DATADONE)))
        return USBD_NOT_DONE;

    event_clear(REG_ADDR(USBD, EVENTS_EP0DATADONE));
    packet_size = mmio_read32(REG_ADDR_N(USBD, SIZE_EPOUT, 0));
    mmio_write32(REG_ADDR_N(USBD, EPOUT_PTR, 0), (uint32_t)(uintptr_t)ep0out_buffer);
    mmio_write32(REG_ADDR_N(USBD, EPOUT_MAXCNT, 0), packet_size);
    state = RECEIVING;
    errata_before_dma();
    dma_start();
    task_trigger(REG_ADDR_N(USBD, TASKS_STARTEPOUT, 0));
    return USBD_OK;
}

static void release_buffer(void)
{
    event_clear(REG_ADDR_N(USBD, EVENTS_ENDEPOUT, 0));
    event_clear(REG_ADDR(USBD, EVENTS_STARTED));
    mmio_write32(REG_ADDR(USBD, EPSTATUS), FIELD_PREP(USBD_EPSTATUS_EPOUT, 1));
    errata_after_dma();
    state = IDLE;
}

enum usbd_status ep0out_end(void *to, uint32_t room, uint32_t *size)
{
    if (state != RECEIVING)
        return USBD_IDLE;
    if (!event_raised(REG_ADDR_N(USBD, EVENTS_ENDEPOUT, 0)))
        return USBD_NOT_DONE;
    *size = packet_size;
    if (packet_size > room)
        return USBD_TOO_LONG;

    dma_end();
    memcpy(to, ep0out_buffer, packet_size);
    release_buffer();
    return USBD_OK;
}

enum usbd_status ep0out_recover(void)
{
    enum { POLLS = 20000 };

    if (state == RECEIVING) {
        if (!mmio_wait(REG_ADDR_N(USBD, EVENTS_ENDEPOUT, 0), UINT32_MAX, POLLS))
            return USBD_TIMEOUT;
        release_buffer();
    }
    state = IDLE;
    return USBD_OK;
}

bool ep0out_accepting(void)
{
    return state == ACCEPTING;
}

bool ep0out_receiving(void)
{
    return state == RECEIVING;
}
