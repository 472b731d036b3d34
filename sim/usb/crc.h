/* SPDX-License-Identifier: Apache-2.0 */
/* The check sums of USB packets (USB 2.0, 8.3.5). The simulated bus needs them only
 * for the time they take; captures do. */
#ifndef SIM_USB_CRC_H
#define SIM_USB_CRC_H

#include <stddef.h>
#include <stdint.h>

/* CRC5 of the 11 bits behind a token's PID: address | endpoint << 7, or a frame number. In the
 * order of transmission, so that a token's two bytes are bits | crc << 11, low byte first. */
uint8_t usb_crc5(uint16_t bits);

/* CRC16 of a data packet's payload, to be sent low byte first. */
uint16_t usb_crc16(const uint8_t *bytes, size_t size);

#endif
