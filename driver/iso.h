/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The isochronous pair, endpoint 8: a packet each way each frame, without handshake (PS v1.7, 6.35
 * USBD: Isochronous transactions; USB 2.0, 5.6).
 *
 * The bytes are copied to and from two buffers in Data RAM, which are EasyDMA's from isoin_start,
 * and for OUT from the beginning of a frame, until its end event was read. A packet for the host is
 * moved in one frame and sent in the next; one from the host comes in one frame and is moved in the
 * next. What nobody takes in time is lost: there is no going back in an isochronous stream.
 *
 * endpoint_open(0x88) and endpoint_open(0x08) open them; all functions may be called from thread
 * and interrupt.
 */
#ifndef DRIVER_ISO_H
#define DRIVER_ISO_H

#include "driver/status.h"

#include <stdbool.h>
#include <stdint.h>

/* IN and OUT share the memory of USBD by halves. */
enum { ISO_PACKET_MAX = 512 };

/*
 * Sends one packet of `size` bytes, 0..512, in the next frame.
 *
 * bytes  copied before the call returns. NULL when size is 0.
 *
 * USBD_BUSY      this frame has its packet: wait for USBD_EVENT_FRAME
 * USBD_TOO_LONG  more than 512 bytes
 * USBD_CLOSED    the endpoint is not open
 */
USBD_MUST_CHECK enum usbd_status isoin_start(const void *bytes, uint32_t size);

/*
 * Takes the packet that came in the frame before.
 *
 * to    receives the bytes; `room` is how many fit
 * size  receives how many there are, 1..512; also with USBD_TOO_LONG
 *
 * USBD_IDLE      none came, it was empty or damaged, or it was taken
 * USBD_NOT_DONE  EasyDMA is still writing it: wait for USBD_EVENT_PACKET
 * USBD_BUSY      an interrupted thread is taking it
 * USBD_TOO_LONG  it does not fit
 * USBD_CLOSED    the endpoint is not open
 */
USBD_MUST_CHECK enum usbd_status isoout_end(void *to, uint32_t room, uint32_t *size);

/* For endpoint.c, with interrupts masked: open and close a direction; a frame begins. */
void iso_open(bool in);
void iso_close(bool in);
void iso_frame(void);

#endif
