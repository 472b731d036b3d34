/* SPDX-License-Identifier: Apache-2.0 */
/* What the workshop's device tells about itself. The bytes are constants in flash. */
#ifndef FIRMWARE_COMMON_DESCRIPTORS_H
#define FIRMWARE_COMMON_DESCRIPTORS_H

#include <stdint.h>

enum { DEVICE_DESCRIPTOR_SIZE = 18, CONFIGURATION_SIZE = 18, CONFIGURATION_VALUE = 42 };

extern const uint8_t device_descriptor[DEVICE_DESCRIPTOR_SIZE];

/* The configuration descriptor with the one interface descriptor behind it. */
extern const uint8_t configuration_descriptor[CONFIGURATION_SIZE];

#endif
