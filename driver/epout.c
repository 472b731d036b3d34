/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/epout.h"

#include "driver/critical.h"
#include "driver/engine.h"
#include "driver/memory.h"

/* Changed with interrupts masked only. The CPU never stores to the bytes. */
struct out {
    uint8_t bytes[ENDPOINT_PACKET_MAX] __attribute__((aligned(4)));
    bool open;
    bool arrived;     /* a packet is in the endpoint, and the buffer is not free */
    bool filled;      /* the buffer has a packet, or gets it from EasyDMA */
    bool taking;      /* epout_end is copying */
    bool stale;       /* what it copies was dropped meanwhile */
    uint8_t unwanted; /* packets, in the buffer or the endpoint, that were dropped */
};

static struct out outs[8];

static void fetch(struct out *out, unsigned endpoint)
{
    out->arrived = false;
    out->filled = true;
    engine_move(ENGINE_OUT(endpoint), out->bytes, sizeof out->bytes);
}

/* A packet that was dropped is fetched all the same, or the endpoint would not take another. */
static void shed(struct out *out, unsigned endpoint)
{
    while (out->unwanted > 0 && !out->taking && !engine_owns(ENGINE_OUT(endpoint))) {
        out->unwanted--;
        out->filled = false;
        if (out->arrived)
            fetch(out, endpoint);
    }
}

static enum usbd_status state_of(struct out *out, unsigned endpoint)
{
    shed(out, endpoint);
    if (!out->open)
        return USBD_CLOSED;
    if (out->taking)
        return USBD_BUSY;
    if (!out->filled)
        return USBD_IDLE;
    return engine_owns(ENGINE_OUT(endpoint)) ? USBD_NOT_DONE : USBD_OK;
}

static enum usbd_status claim(struct out *out, unsigned endpoint, uint32_t room, uint32_t *size)
{
    uint32_t before = critical_enter();
    enum usbd_status status = state_of(out, endpoint);

    if (status == USBD_OK) {
        *size = engine_size(ENGINE_OUT(endpoint));
        out->taking = *size <= room;
        status = out->taking ? USBD_OK : USBD_TOO_LONG;
    }
    critical_leave(before);
    return status;
}

static enum usbd_status give_back(struct out *out, unsigned endpoint)
{
    uint32_t before = critical_enter();
    bool stale = out->stale;

    out->taking = false;
    out->stale = false;
    out->filled = false;
    if (out->arrived)
        fetch(out, endpoint);
    critical_leave(before);
    return stale ? USBD_CLOSED : USBD_OK;
}

enum usbd_status epout_end(unsigned endpoint, void *to, uint32_t room, uint32_t *size)
{
    struct out *out = &outs[endpoint];
    enum usbd_status status = claim(out, endpoint, room, size);

    if (status != USBD_OK)
        return status;
    memcpy(to, out->bytes, *size);
    return give_back(out, endpoint);
}

/* ---- For endpoint.c ----------------------------------------------------------------------------
 */

void epout_open(unsigned endpoint)
{
    outs[endpoint].open = true;
}

void epout_close(unsigned endpoint)
{
    struct out *out = &outs[endpoint];

    out->open = false;
    out->arrived = false;
    out->filled = out->taking;
    out->stale = out->taking;
    out->unwanted = 0;
}

void epout_drop(unsigned endpoint)
{
    struct out *out = &outs[endpoint];

    out->stale = out->taking;
    out->unwanted = (uint8_t)((out->filled && !out->taking) + out->arrived);
}

void epout_arrived(unsigned endpoint)
{
    struct out *out = &outs[endpoint];

    if (out->filled)
        out->arrived = true;
    else
        fetch(out, endpoint);
}

bool epout_full(unsigned endpoint)
{
    return outs[endpoint].arrived;
}
