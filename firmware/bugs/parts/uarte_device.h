/* SPDX-License-Identifier: Apache-2.0 */
/* A UARTE driver without mistakes, for programs that make one of their own. */
#ifndef FIRMWARE_BUGS_PARTS_UARTE_DEVICE_H
#define FIRMWARE_BUGS_PARTS_UARTE_DEVICE_H

#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/nrf_serial.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

#include <stdbool.h>

/* Pins, 1 Mbaud, on. */
void uarte_open(void);

/* Stops both directions, waits until they are off, and switches the block off. */
void uarte_close(void);

/* Clears the end event and starts to send `size` bytes of RAM. */
void uarte_start_sending(const void *bytes, uint32_t size);

/* Waits for the end of it. */
void uarte_wait_sent(void);

/* Clears the end event and starts to receive `size` bytes. */
void uarte_start_receiving(void *bytes, uint32_t size);
void uarte_wait_received(void);

/* Ends the program with code 1 unless the two are equal. */
void require_equal(const uint8_t *bytes, const uint8_t *expected, uint32_t size);

#endif
