/* SPDX-License-Identifier: Apache-2.0 */
/* A host on a bus with a device that answers anything at any time, and comes and goes. */
#ifndef TESTS_USB_RANDOM_DEVICE_H
#define TESTS_USB_RANDOM_DEVICE_H

#include "sim/usb/conversation.h"

#include <stdint.h>

/* Lets a host follow the conversation with such a device, for at most `events` events. The same
 * seed gives the same run; returns its fingerprint. */
uint64_t random_device_run(const struct conversation *conversation, uint64_t seed, unsigned events);

#endif
