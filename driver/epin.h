/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IN endpoints 1..7: packets to the host (PS v1.7, 6.35 USBD: EasyDMA, Bulk and interrupt
 * transactions).
 *
 * The promise of driver/ep0in.h: whatever is passed to epin_start is what the host receives, once.
 * The bytes are copied to a buffer of the endpoint in Data RAM, which belongs
 *
 *     to the program that fills it   while epin_start runs
 *     to the driver                  until the host has taken the packet before this one
 *     to EasyDMA                     until its end event was read; then the next packet may come
 *
 * So one packet is in the endpoint and another in RAM: the host is kept waiting as briefly as the
 * hardware allows. All functions may be called from thread and interrupt.
 */
#ifndef DRIVER_EPIN_H
#define DRIVER_EPIN_H

#include "driver/endpoint.h"

/*
 * Sends one packet of `size` bytes, 0..64, by IN endpoint `endpoint`, 1..7.
 *
 * bytes  copied before the call returns, the caller may reuse them at once. NULL when size is 0.
 *
 * USBD_BUSY      the buffer is full: wait for USBD_EVENT_PACKET
 * USBD_TOO_LONG  more than 64 bytes
 * USBD_CLOSED    the endpoint is not open, or was closed or halted by an interrupt meanwhile
 */
USBD_MUST_CHECK enum usbd_status epin_start(unsigned endpoint, const void *bytes, uint32_t size);

/* Whether epin_start would take a packet. */
bool epin_ready(unsigned endpoint);

/* Whether the host has taken all packets; also of an endpoint that is closed. */
bool epin_empty(unsigned endpoint);

/* For endpoint.c, with interrupts masked: open and close, drop all packets, and the host has taken
 * one. */
void epin_open(unsigned endpoint);
void epin_close(unsigned endpoint);
void epin_drop(unsigned endpoint);
void epin_taken(unsigned endpoint);

#endif
