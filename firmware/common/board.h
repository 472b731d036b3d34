/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FIRMWARE_COMMON_BOARD_H
#define FIRMWARE_COMMON_BOARD_H

#include "driver/usbd.h"

/*
 * Powers USBD up, shows the device to the host and sleeps for ever. Ends the program with code 1
 * when USBD does not start.
 */
_Noreturn void board_run(void);

/* The program's logic, which it provides: called from the USBD interrupt, event by event. */
void on_usb_event(enum usbd_event event);

#endif
