/* SPDX-License-Identifier: Apache-2.0 */
/* What a device answers a request on endpoint 0 (USB 2.0, 8.5.3, 9.3). */
#ifndef FIRMWARE_CLASS_ANSWER_H
#define FIRMWARE_CLASS_ANSWER_H

#include "driver/usbd.h"

#include <stdbool.h>
#include <stdint.h>

struct answer {
    enum {
        ANSWER_STALL,    /* refused */
        ANSWER_ACCEPT,   /* done, no data */
        ANSWER_SEND,     /* the first min(size, wLength) bytes at `bytes` */
        ANSWER_RECEIVE,  /* the host's wLength bytes to `to`, `size` is the room; then `received` */
        ANSWER_HARDWARE, /* USBD answers by itself */
    } kind;
    const void *bytes; /* must stay as they are until the next request */
    void *to;          /* the device's until `received` */
    uint32_t size;
};

/* Called with the bytes of an ANSWER_RECEIVE; false refuses the request. */
typedef bool received_function(const struct usbd_setup *setup, uint32_t size);

static inline struct answer stall(void)
{
    return (struct answer){.kind = ANSWER_STALL};
}

static inline struct answer accept(void)
{
    return (struct answer){.kind = ANSWER_ACCEPT};
}

static inline struct answer accept_if(bool right)
{
    return right ? accept() : stall();
}

static inline struct answer send(const void *bytes, uint32_t size)
{
    return (struct answer){.kind = ANSWER_SEND, .bytes = bytes, .size = size};
}

static inline struct answer receive(void *to, uint32_t room)
{
    return (struct answer){.kind = ANSWER_RECEIVE, .to = to, .size = room};
}

#endif
