/* SPDX-License-Identifier: Apache-2.0 */
/* A TWIM driver without mistakes, for programs that make one of their own. */
#ifndef FIRMWARE_BUGS_PARTS_TWIM_DEVICE_H
#define FIRMWARE_BUGS_PARTS_TWIM_DEVICE_H

#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/nrf_serial.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

/* Pins, 400 kbit/s, the slave at `address`, on. */
void twim_open(uint8_t address);

/* Clears the events and describes what a transfer sends and receives; the caller starts it. */
void twim_prepare(const void *sent, uint32_t sent_size, void *received, uint32_t received_size);

/* Starts a write, and a read behind it if there is anything to receive. */
void twim_start(uint32_t received_size);

/* Waits until the bus is free. False: the slave refused; both buffers are free as well. */
int twim_wait(void);

#endif
