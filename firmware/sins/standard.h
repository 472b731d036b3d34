/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The standard requests under another name: a program that includes this answers them by its own
 * standard_answer, and leaves to right_answer what it does not do wrong.
 */
#ifndef FIRMWARE_SINS_STANDARD_H
#define FIRMWARE_SINS_STANDARD_H

#include "firmware/class/standard.h"

struct answer right_answer(const struct device *device, const struct usbd_setup *setup);

#define standard_answer right_answer
#include "firmware/class/standard.c"
#undef standard_answer

#include "firmware/common/startup.h"

#endif
