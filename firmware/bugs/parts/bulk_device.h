/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A vendor-specific device with bulk endpoints 1 and 2, each IN and OUT with packets of 64 bytes.
 * Endpoint 0 is dealt with by driver/; the bulk endpoints are the program's.
 */
#ifndef FIRMWARE_BUGS_PARTS_BULK_DEVICE_H
#define FIRMWARE_BUGS_PARTS_BULK_DEVICE_H

#include "driver/usbd.h"

#include <stdbool.h>
#include <stdint.h>

enum { BULK_PACKET = 64 };

/* Bits of EPDATASTATUS. */
#define BULK_IN(endpoint) (1u << (endpoint))
#define BULK_OUT(endpoint) (1u << (16 + (endpoint)))

/* Powers USBD up and shows the device to the host. */
void bulk_device_start(void);

/* Deals with what endpoint 0 has to say. For programs with a USBD interrupt handler. */
void bulk_device_endpoint0(void);

/* The host has configured the device: endpoints 1 and 2 are enabled and accept packets. */
bool bulk_device_configured(void);

/*
 * Sleeps until something has happened, deals with endpoint 0, and returns the bulk endpoints that
 * have news, as bits of EPDATASTATUS, cleared there. For programs without interrupt handlers.
 */
uint32_t bulk_device_wait(void);

/* A request beyond the standard ones. True: the program has answered it, or will. A program
 * without such requests leaves it out. */
bool bulk_vendor(const struct usbd_setup *setup);

/*
 * The two halves of a bulk endpoint, done right, for the parts of a program that are not its point.
 * bulk_send waits for the end of EasyDMA, not for the host. bulk_fetch brings the packet that
 * arrived and returns its size.
 */
void bulk_send(unsigned endpoint, const void *packet, uint32_t size);
uint32_t bulk_fetch(unsigned endpoint, void *packet);

#endif
