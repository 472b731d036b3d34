/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Data stages of any length on endpoint 0, packet after packet (PS v1.7, 6.35 USBD: Control
 * transfers; USB 2.0, 5.5.3 and 8.5.3).
 *
 *     case USBD_EVENT_SETUP: control_read(&control, &setup, bytes, size) or control_write(...)
 *     any event:             control_on_event(&control, event)
 */
#ifndef DRIVER_CONTROL_H
#define DRIVER_CONTROL_H

#include "driver/status.h"
#include "driver/usbd.h"

#include <stdbool.h>
#include <stdint.h>

/* One data stage. The program owns it; all zero is idle. Fields are the driver's own. */
struct control {
    enum { CONTROL_AT_REST, CONTROL_READING, CONTROL_WRITING } stage;
    const uint8_t *source; /* reading: the rest to be sent */
    uint8_t *sink;         /* writing: where the next packet goes */
    uint32_t left;         /* bytes still to be moved */
    uint32_t moved;
    bool terminate; /* reading: the last packet has to be a short one, of length zero if need be */
};

enum control_progress {
    CONTROL_NOTHING,  /* the event did not concern a data stage */
    CONTROL_GOES_ON,  /* a packet more */
    CONTROL_SENT,     /* the host has all bytes of a read, and may go on to the status stage */
    CONTROL_RECEIVED, /* control_received() bytes of a write are here; now accept or stall */
    CONTROL_ABORTED,  /* bus reset or new SETUP: the data stage is over, the bytes are the caller's
                       */
    CONTROL_BROKEN,   /* the host sent more than announced, or EasyDMA does not end; now stall */
};

/*
 * Answers a control read with the first min(size, wLength) bytes, in packets of 64. When the host
 * asked for more than there is and the last packet is full, an empty one follows: the host could
 * not see the end otherwise. A wLength of 0 allows the status stage at once.
 *
 * bytes  up to 64 bytes are copied before the call returns. Of a longer answer the rest is read
 *        packet by packet: it must stay as it is until CONTROL_SENT or CONTROL_ABORTED.
 *
 * A host may end the data stage early (USB 2.0, 8.5.3). Behind the last packet that is the usual
 * end. Behind a full one in the middle the next packet is in the endpoint already, no event tells
 * of the OUT token, and what EP0STATUS does now is not documented: the host gets NAK until its next
 * SETUP.
 *
 * USBD_BUSY  an EP0 packet is on its way
 */
USBD_MUST_CHECK enum usbd_status control_read(struct control *control,
                                              const struct usbd_setup *setup, const void *bytes,
                                              uint32_t size);

/*
 * Takes the wLength bytes of a control write, wLength >= 1. A packet shorter than 64 bytes ends the
 * data stage early.
 *
 * to    receives the bytes; the driver's until CONTROL_RECEIVED, CONTROL_ABORTED or CONTROL_BROKEN
 * room  bytes that fit
 *
 * USBD_TOO_LONG  wLength is larger than room: nothing was done, stall the request
 * USBD_BUSY      an EP0 packet is on its way
 */
USBD_MUST_CHECK enum usbd_status
control_write(struct control *control, const struct usbd_setup *setup, void *to, uint32_t room);

/* Moves the data stage on. To be called with every event, before the program deals with it. */
enum control_progress control_on_event(struct control *control, enum usbd_event event);

/* Bytes that arrived by the write that CONTROL_RECEIVED reported. */
uint32_t control_received(const struct control *control);

#endif
