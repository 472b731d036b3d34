/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FIRMWARE_COMMON_BOARD_H
#define FIRMWARE_COMMON_BOARD_H

#include "driver/usbd.h"

/* Powers USBD up and shows the device to the host. Ends the program with code 1 when USBD does not
 * start. */
void board_start(void);

/* The second half of it: events come to the program, and the host sees the device. */
void board_connect(void);

/* Starts, and then sleeps for ever. */
_Noreturn void board_run(void);

/* The program's logic, which it provides: called from the USBD interrupt, event by event. */
void on_usb_event(enum usbd_event event);

#endif
