/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data stage of a control read without mistakes: one packet in RAM, moved by EasyDMA. A host
 * that sends its next SETUP in mid-transfer gets its answer when EasyDMA has done with the one
 * before.
 */
#ifndef FIRMWARE_BUGS_PARTS_EP0_PACKET_H
#define FIRMWARE_BUGS_PARTS_EP0_PACKET_H

#include <stdint.h>

/* Waits for the end of the packet before, copies up to 64 bytes, and starts EasyDMA. */
void ep0_packet_send(const uint8_t *bytes, uint32_t size);

/* The host has taken it: what EasyDMA read may be written again. */
void ep0_packet_done(void);

#endif
