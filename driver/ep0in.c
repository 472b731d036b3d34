/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/ep0in.h"

#include "driver/engine.h"
#include "driver/errata.h"
#include "driver/memory.h"
#include "driver/mmio.h"
#include "driver/registers.h"
#include "driver/usbd.h"

/* The CPU's while !busy, EasyDMA's while busy. Only ep0in_start stores here. */
static uint8_t ep0in_buffer[EP0_PACKET_MAX] __attribute__((aligned(4)));

static bool busy;
static bool last;
static uint32_t filled; /* bytes of the packet */
static bool
    delivered; /* the host took it for the answer to the next request, as EP0DATADONE says */

/*
 * The shortcut EP0DATADONE_EP0STATUS triggers the task whenever the host takes the packet, also
 * while EasyDMA works for another endpoint, when it must not be triggered. So the program does it,
 * in ep0in_end; only where that would be too late is the shortcut used (anomaly 154).
 */
static bool needs_shortcut(enum ep0in_part part)
{
    return part == EP0IN_LAST && errata_apply(ANOMALY_154);
}

static void allow_status_after(enum ep0in_part part)
{
    uint32_t shortcut = FIELD_MASK(USBD_SHORTS_EP0DATADONE_EP0STATUS);

    mmio_write32(REG_ADDR(USBD, SHORTS), needs_shortcut(part) ? shortcut : 0);
}

/*
 * A host that missed the ACK of a SETUP sends it again: then the packet it has is the right one.
 * One for another request cannot be called back, and the host is told that something went wrong.
 */
static enum usbd_status claim_delivered(const uint8_t *bytes, uint32_t size, enum ep0in_part part)
{
    bool same = size == filled;

    delivered = false;
    for (uint32_t i = 0; same && i < size; i++)
        same = bytes[i] == ep0in_buffer[i];
    if (!same) {
        enum usbd_status refused = usbd_stall_request();
        return refused == USBD_OK ? USBD_IDLE : refused;
    }
    busy = true;
    last = part == EP0IN_LAST;
    return USBD_OK;
}

enum usbd_status ep0in_start(const void *bytes, uint32_t size, enum ep0in_part part)
{
    if (busy || engine_owns(ENGINE_IN(0)))
        return USBD_BUSY;
    if (size > sizeof ep0in_buffer)
        return USBD_TOO_LONG;
    if (usbd_request_over())
        return USBD_IDLE;
    if (delivered)
        return claim_delivered(bytes, size, part);

    memcpy(ep0in_buffer, bytes, size);
    /* One left over from the last packet or an aborted transfer must not end this one. */
    event_clear(REG_ADDR(USBD, EVENTS_EP0DATADONE));
    allow_status_after(part);
    busy = true;
    last = part == EP0IN_LAST;
    filled = size;
    engine_move(ENGINE_IN(0), ep0in_buffer, size);
    return USBD_OK;
}

static void release_packet(void)
{
    mmio_write32(REG_ADDR(USBD, SHORTS), 0);
    busy = false;
}

enum usbd_status ep0in_end(void)
{
    if (!busy)
        return USBD_IDLE;
    if (!event_raised(REG_ADDR(USBD, EVENTS_EP0DATADONE)) || engine_owns(ENGINE_IN(0)))
        return USBD_NOT_DONE;

    release_packet();
    if (last && !needs_shortcut(EP0IN_LAST))
        (void)!usbd_accept_request(); /* refused when the request is over: rightly */
    return USBD_OK;
}

static bool sent(void)
{
    return event_raised(REG_ADDR(USBD, EVENTS_EP0DATADONE));
}

/* What is sent from here on is sent for the request that is there already. */
enum usbd_status ep0in_recover(void)
{
    bool sent_before = sent() && !ep0in_overtaken();

    delivered = false;
    if (!busy)
        return USBD_OK;
    bool taken_back = engine_take_back(ENGINE_IN(0));
    delivered = sent() && !sent_before;
    release_packet();
    return taken_back ? USBD_OK : USBD_TIMEOUT;
}

bool ep0in_busy(void)
{
    return busy;
}

bool ep0in_overtaken(void)
{
    return engine_started_late();
}

bool ep0in_sending_last(void)
{
    return busy && last;
}
