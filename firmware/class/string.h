/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FIRMWARE_CLASS_STRING_H
#define FIRMWARE_CLASS_STRING_H

#include "firmware/class/device.h"

/*
 * The string descriptor `index` in `language` (USB 2.0, 9.6.7), NULL if there is none. Index 0 is
 * the list of languages, which has one, US English. Stays as it is until the next call.
 */
const uint8_t *string_descriptor(const struct device *device, uint8_t index, uint16_t language);

#endif
