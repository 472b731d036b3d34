/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device with endpoint 0 only, less the part that is wrong in a bug: how the data stage is moved.
 * What the host asks is answered as in the workshop's last step (firmware/usb-5.c); the program
 * brings the driver for the data stages.
 */
#ifndef FIRMWARE_BUGS_PARTS_EP0_DEVICE_H
#define FIRMWARE_BUGS_PARTS_EP0_DEVICE_H

#include "driver/usbd.h"

#include <stdbool.h>
#include <stdint.h>

/* ---- What the program provides ---- */

/* The data stage of a control read: up to 64 bytes for the host, 0 is an empty packet. Never
 * inlined, as if this device were in a library: merged into its loop, the function has no frame of
 * its own. */
__attribute__((noinline)) void ep0_send(const uint8_t *bytes, uint32_t size);

/* EVENTS_EP0DATADONE was read as set, and cleared. */
void ep0_data_done(void);

/* A request that is neither standard nor known. True: the program has answered it, or will.
 * A program without such requests leaves it out. */
bool ep0_vendor(const struct usbd_setup *setup);

/* The host has configured the device. A program that does not care leaves it out. */
void ep0_configured(void);

/* ---- What it gets ---- */

/* Powers USBD up; `interrupts`: of INT_*, beyond those that usbd_power_up enables. */
void ep0_device_start(uint32_t interrupts);

/* Looks at the events once and deals with those that are set. */
void ep0_device_poll(void);

/* ep0_device_poll for ever, asleep in between: a driver without interrupt handlers. */
__attribute__((noreturn)) void ep0_device_serve(void);

/* ep0_device_start and ep0_device_serve. */
__attribute__((noreturn)) void ep0_device_run(void);

/* Allows the status stage, or refuses the request. */
void ep0_accept(void);
void ep0_refuse(void);

#endif
