/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Endpoints 1..7, bulk and interrupt, and 8, isochronous: open, close, halt (PS v1.7, 6.35 USBD:
 * Bulk and interrupt transactions; USB 2.0, 5.6 to 5.8). Their packets are in driver/epin.h,
 * driver/epout.h and driver/iso.h.
 *
 *     SET_CONFIGURATION, SET_INTERFACE:  endpoint_open for each endpoint of the descriptors
 *     any event:                         endpoint_on_event(event), then epin_start, epout_end ...
 *
 * An endpoint has the address of its descriptor: 0x01..0x08 is OUT, 0x81..0x88 is IN. After a bus
 * reset all are closed.
 */
#ifndef DRIVER_ENDPOINT_H
#define DRIVER_ENDPOINT_H

#include "driver/status.h"
#include "driver/usbd.h"

#include <stdbool.h>
#include <stdint.h>

/* The largest packet of endpoints 0..7, in bytes. */
enum { ENDPOINT_PACKET_MAX = 64 };

#define ENDPOINT_NUMBER(address) ((address)&0xfu)
#define ENDPOINT_IS_IN(address) (((address)&0x80u) != 0)

/*
 * Opens an endpoint, empty, with DATA0 next and not halted. An OUT endpoint accepts a packet from
 * now on. One that was open is closed first, and what it held is lost.
 *
 * USBD_CLOSED   there is no endpoint with this address
 * USBD_TIMEOUT  EasyDMA does not end: nothing is open
 */
USBD_MUST_CHECK enum usbd_status endpoint_open(uint8_t address);

/* Closes an endpoint: the host gets no answer. Packets that it holds are lost; a buffer that is
 * EasyDMA's at this moment comes back when it ends. */
void endpoint_close(uint8_t address);

bool endpoint_is_open(uint8_t address);

/*
 * Halts an endpoint: the host gets STALL until endpoint_clear_halt (USB 2.0, 9.4.5). What an IN
 * endpoint holds is dropped: to send it first, wait for epin_empty. What an OUT endpoint holds was
 * acknowledged and stays.
 *
 * USBD_CLOSED   the endpoint is not open, or isochronous: these have no halt
 * USBD_TIMEOUT  EasyDMA does not end: nothing was done
 */
USBD_MUST_CHECK enum usbd_status endpoint_halt(uint8_t address);

/* Ends a halt, if there is one, and lets the endpoint go on with DATA0 in any case (USB 2.0,
 * 9.4.5). A packet it holds stays. Answers as endpoint_halt. */
USBD_MUST_CHECK enum usbd_status endpoint_clear_halt(uint8_t address);

bool endpoint_halted(uint8_t address);

/*
 * Empties an endpoint, when a class says that what is under way is void: the host has not fetched
 * it, or the program has not taken it. Halt and toggle stay.
 *
 * USBD_CLOSED   the endpoint is not open, or isochronous
 * USBD_TIMEOUT  EasyDMA does not end: nothing was done
 */
USBD_MUST_CHECK enum usbd_status endpoint_empty(uint8_t address);

/* What the driver has to do about an event. To be called with every event, before the program deals
 * with it. After USBD_EVENT_RESET all endpoints are closed. */
void endpoint_on_event(enum usbd_event event);

#endif
