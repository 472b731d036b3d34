/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/ep0out.h"

#include "driver/engine.h"
#include "driver/ep0in.h"
#include "driver/errata.h"
#include "driver/memory.h"
#include "driver/mmio.h"
#include "driver/registers.h"
#include "driver/usbd.h"

/* EasyDMA's while the engine owns it, the CPU's otherwise. The CPU never stores here. */
static uint8_t ep0out_buffer[EP0_PACKET_MAX] __attribute__((aligned(4)));

static enum { IDLE, ACCEPTING, RECEIVING } state;
static bool overtaken; /* a SETUP came about when EP0RCVOUT was triggered last */
static bool early;     /* so EP0RCVOUT may have been for the present request */

/*
 * The event may be left over from the last packet or an aborted transfer; unless the host's packet
 * is here already, let in by the task of the request before: then a second task would lose it.
 */
static void let_packet_in(void)
{
    if (!early || !event_raised(REG_ADDR(USBD, EVENTS_EP0DATADONE))) {
        event_clear(REG_ADDR(USBD, EVENTS_EP0DATADONE));
        errata_accept_out(REG_ADDR(USBD, TASKS_EP0RCVOUT));
    }
    overtaken = usbd_request_over();
    state = ACCEPTING;
}

enum usbd_status ep0out_accept(void)
{
    if (state != IDLE || ep0in_busy())
        return USBD_BUSY;
    if (engine_pause() != USBD_OK)
        return USBD_TIMEOUT;
    enum usbd_status status = usbd_request_over() ? USBD_IDLE : USBD_OK;
    if (status == USBD_OK)
        let_packet_in();
    engine_resume();
    return status;
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
    state = RECEIVING;
    engine_move(ENGINE_OUT(0), ep0out_buffer, sizeof ep0out_buffer);
    return USBD_OK;
}

enum usbd_status ep0out_end(void *to, uint32_t room, uint32_t *size)
{
    if (state != RECEIVING)
        return USBD_IDLE;
    if (engine_owns(ENGINE_OUT(0)))
        return USBD_NOT_DONE;
    *size = engine_size(ENGINE_OUT(0));
    if (*size > room)
        return USBD_TOO_LONG;

    memcpy(to, ep0out_buffer, *size);
    state = IDLE;
    return USBD_OK;
}

enum usbd_status ep0out_recover(void)
{
    state = IDLE;
    early = overtaken;
    overtaken = false;
    return engine_take_back(ENGINE_OUT(0)) ? USBD_OK : USBD_TIMEOUT;
}

bool ep0out_accepting(void)
{
    return state == ACCEPTING;
}

bool ep0out_receiving(void)
{
    return state == RECEIVING;
}

bool ep0out_received(void)
{
    return state == RECEIVING && !engine_owns(ENGINE_OUT(0));
}
