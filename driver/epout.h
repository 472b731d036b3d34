/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OUT endpoints 1..7: packets from the host (PS v1.7, 6.35 USBD: EasyDMA, Bulk and interrupt
 * transactions).
 *
 * A packet that arrives is moved to a buffer of the endpoint in Data RAM, which belongs
 *
 *     to EasyDMA                      from the arrival until its end event was read
 *     to the driver                   until epout_end
 *     to the program that empties it  while epout_end runs; then the next packet may come
 *
 * The endpoint accepts the next packet as soon as EasyDMA has ended. When that has arrived too and
 * the program has not called epout_end, the host is told NAK: nothing is lost, however slow the
 * program. All functions may be called from thread and interrupt.
 */
#ifndef DRIVER_EPOUT_H
#define DRIVER_EPOUT_H

#include "driver/endpoint.h"

/*
 * Takes the packet that OUT endpoint `endpoint`, 1..7, received.
 *
 * to    receives the bytes; `room` is how many fit. The caller's own at all times.
 * size  receives how many there are, 0..64; also with USBD_TOO_LONG.
 *
 * USBD_IDLE      there is none: wait for USBD_EVENT_PACKET
 * USBD_NOT_DONE  EasyDMA is still writing it: wait for the same
 * USBD_TOO_LONG  it does not fit; it can be fetched again with more room
 * USBD_BUSY      an interrupted thread is taking it
 * USBD_CLOSED    the endpoint is not open, or an interrupt closed or emptied it meanwhile
 */
USBD_MUST_CHECK enum usbd_status epout_end(unsigned endpoint, void *to, uint32_t room,
                                           uint32_t *size);

/* For endpoint.c, with interrupts masked: open and close, packets are not wanted any more, and one
 * has arrived. */
void epout_open(unsigned endpoint);
void epout_close(unsigned endpoint);
void epout_drop(unsigned endpoint);
void epout_arrived(unsigned endpoint);

/* A packet is in the endpoint and has not been asked for. */
bool epout_full(unsigned endpoint);

#endif
