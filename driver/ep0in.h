/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Endpoint 0, IN: one packet to the host (PS v1.7, 6.35 USBD: EasyDMA, Control transfers).
 *
 * The promise: whatever a caller passes to ep0in_start is what the host receives. The bytes are
 * copied into a static buffer in Data RAM, which EasyDMA owns from ep0in_start until its end event
 * was read, and nothing in this driver touches the buffer in between. So callers may pass constants
 * in flash, which EasyDMA cannot read, and temporaries on their stack.
 *
 * All functions must be called from one context, normally the USBD interrupt.
 */
#ifndef DRIVER_EP0IN_H
#define DRIVER_EP0IN_H

#include "driver/status.h"

#include <stdbool.h>
#include <stdint.h>

/* The largest packet endpoint 0 can carry, in bytes. */
enum { EP0_PACKET_MAX = 64 };

/* What follows the packet. */
enum ep0in_part {
    EP0IN_MORE, /* another packet of the same data stage */
    EP0IN_LAST, /* the status stage: ep0in_end allows it */
};

/*
 * Gives the host `size` bytes, 0..64, as the next packet of a control read.
 *
 * bytes  copied before the call returns, the caller may reuse them at once. NULL when size is 0.
 *
 * USBD_BUSY      the last packet has not ended, or EasyDMA not yet with one that was given up:
 *                nothing was touched
 * USBD_TOO_LONG  more than 64 bytes: nothing was touched, nothing is cut
 * USBD_IDLE      usbd_request_over: nobody waits for the packet; or the host has got one of the
 *                request before for this one, and the request was refused therefore
 */
USBD_MUST_CHECK enum usbd_status ep0in_start(const void *bytes, uint32_t size,
                                             enum ep0in_part part);

/*
 * The packet is over: the host acknowledged it (EP0DATADONE). Clears the event, and allows the
 * status stage behind the last packet.
 *
 * USBD_IDLE      no packet was started
 * USBD_NOT_DONE  EasyDMA or the host has not finished: the buffer remains theirs
 */
USBD_MUST_CHECK enum usbd_status ep0in_end(void);

/*
 * Gives up the packet, for a bus reset or a new SETUP, which end a control transfer without
 * EP0DATADONE. usbd_next_event does this by itself. Without a packet nothing happens.
 *
 * EasyDMA may be moving bytes at this moment and cannot be stopped: waits for its end, some 10 us,
 * at most some 100000 cycles.
 *
 * USBD_TIMEOUT  it did not end: the packet is given up, but ep0in_start refuses until EasyDMA ends
 */
USBD_MUST_CHECK enum usbd_status ep0in_recover(void);

/* From ep0in_start until ep0in_end or ep0in_recover. */
bool ep0in_busy(void);

/* Busy with a packet that may go out as the answer to the next request (engine_started_late). */
bool ep0in_overtaken(void);

/* Busy with the last packet of a data stage. */
bool ep0in_sending_last(void);

#endif
