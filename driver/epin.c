/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/epin.h"

#include "driver/critical.h"
#include "driver/engine.h"
#include "driver/memory.h"

/* Changed with interrupts masked only, but for the bytes while `filling`. */
struct in {
    uint8_t bytes[ENDPOINT_PACKET_MAX] __attribute__((aligned(4)));
    uint32_t size;
    bool open;
    bool filling; /* epin_start is copying */
    bool stale;   /* what it copies was dropped meanwhile */
    bool staged;  /* a packet waits until the host has taken the one before */
    bool sending; /* the endpoint has a packet, or gets it from EasyDMA */
};

static struct in ins[8];

static bool buffer_is_free(const struct in *in, unsigned endpoint)
{
    return !in->filling && !in->staged && !engine_owns(ENGINE_IN(endpoint));
}

static void send(struct in *in, unsigned endpoint)
{
    in->staged = false;
    in->sending = true;
    engine_move(ENGINE_IN(endpoint), in->bytes, in->size);
}

static enum usbd_status claim(struct in *in, unsigned endpoint)
{
    uint32_t before = critical_enter();
    enum usbd_status status = USBD_OK;

    if (!in->open)
        status = USBD_CLOSED;
    else if (!buffer_is_free(in, endpoint))
        status = USBD_BUSY;
    else
        in->filling = true;
    critical_leave(before);
    return status;
}

static enum usbd_status hand_over(struct in *in, unsigned endpoint, uint32_t size)
{
    uint32_t before = critical_enter();
    bool stale = in->stale;

    in->filling = false;
    in->stale = false;
    if (!stale) {
        in->size = size;
        in->staged = true;
        if (!in->sending)
            send(in, endpoint);
    }
    critical_leave(before);
    return stale ? USBD_CLOSED : USBD_OK;
}

enum usbd_status epin_start(unsigned endpoint, const void *bytes, uint32_t size)
{
    struct in *in = &ins[endpoint];

    if (size > sizeof in->bytes)
        return USBD_TOO_LONG;
    enum usbd_status status = claim(in, endpoint);
    if (status != USBD_OK)
        return status;
    memcpy(in->bytes, bytes, size);
    return hand_over(in, endpoint, size);
}

bool epin_ready(unsigned endpoint)
{
    const struct in *in = &ins[endpoint];
    uint32_t before = critical_enter();
    bool ready = in->open && buffer_is_free(in, endpoint);

    critical_leave(before);
    return ready;
}

bool epin_empty(unsigned endpoint)
{
    const struct in *in = &ins[endpoint];
    uint32_t before = critical_enter();
    bool empty = !in->filling && !in->sending;

    critical_leave(before);
    return empty;
}

/* ---- For endpoint.c ----------------------------------------------------------------------------
 */

void epin_open(unsigned endpoint)
{
    ins[endpoint].open = true;
}

void epin_drop(unsigned endpoint)
{
    struct in *in = &ins[endpoint];

    in->stale = in->filling;
    in->staged = false;
    in->sending = false;
}

void epin_close(unsigned endpoint)
{
    ins[endpoint].open = false;
    epin_drop(endpoint);
}

void epin_taken(unsigned endpoint)
{
    struct in *in = &ins[endpoint];

    in->sending = false;
    if (in->staged)
        send(in, endpoint);
}
