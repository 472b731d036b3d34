/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Endpoint 0, OUT: one packet from the host (PS v1.7, 6.35 USBD: EasyDMA, Control transfers).
 *
 *     ep0out_accept -> USBD_EVENT_DATA_DONE -> ep0out_start -> USBD_EVENT_OUT_END -> ep0out_end
 *
 * EasyDMA writes the packet into a static buffer, which is its own from ep0out_start until its end
 * event was read; only ep0out_end reads it. All functions must be called from one context.
 */
#ifndef DRIVER_EP0OUT_H
#define DRIVER_EP0OUT_H

#include "driver/status.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Lets the host send one data packet (EP0RCVOUT).
 *
 * USBD_BUSY     the last packet has not been taken, or an IN packet is on its way
 * USBD_IDLE     usbd_request_over: nobody waits for it
 * USBD_TIMEOUT  EasyDMA works for another endpoint and does not end
 */
USBD_MUST_CHECK enum usbd_status ep0out_accept(void);

/*
 * Starts to move the packet from the endpoint to RAM, after EP0DATADONE.
 *
 * USBD_IDLE      ep0out_accept was not called
 * USBD_NOT_DONE  the host has sent nothing yet
 * USBD_BUSY      EasyDMA is moving the packet already
 */
USBD_MUST_CHECK enum usbd_status ep0out_start(void);

/*
 * Hands over the packet, after ENDEPOUT[0].
 *
 * to    receives the bytes; `room` is how many fit. The caller's own at all times.
 * size  receives how many there are, 0..64; also with USBD_TOO_LONG.
 *
 * USBD_IDLE      no packet was started
 * USBD_NOT_DONE  EasyDMA is still writing the buffer
 * USBD_TOO_LONG  the packet does not fit; it can be fetched again with more room
 */
USBD_MUST_CHECK enum usbd_status ep0out_end(void *to, uint32_t room, uint32_t *size);

/* Gives up the packet, as ep0in_recover does. USBD_TIMEOUT: EasyDMA did not end, and ep0out_accept
 * refuses until it does. */
USBD_MUST_CHECK enum usbd_status ep0out_recover(void);

/* From ep0out_accept until ep0out_start. */
bool ep0out_accepting(void);

/* From ep0out_start until ep0out_end. */
bool ep0out_receiving(void);

/* The packet is in RAM: ep0out_end can have it. */
bool ep0out_received(void);

#endif
