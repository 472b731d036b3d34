/* SPDX-License-Identifier: Apache-2.0 */
/* An SPIM driver without mistakes, for programs that make one of their own. */
#ifndef FIRMWARE_BUGS_PARTS_SPIM_DEVICE_H
#define FIRMWARE_BUGS_PARTS_SPIM_DEVICE_H

#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/nrf_serial.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

#include <stdbool.h>

/* Pins, 1 Mbit/s, on. */
void spim_open(void);

/* Clears the end event and starts to send and to receive; either may be of size 0. */
void spim_start(const void *sent, uint32_t sent_size, void *received, uint32_t received_size);

/* Waits for the end of it. */
void spim_wait(void);

#endif
