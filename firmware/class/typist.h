/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What presses the keys of a keyboard that has none: types a word when the host has configured the
 * device, and again a tenth of a second after the bus was suspended, waking the host for it if it
 * may. Caps Lock of the host makes capitals of it.
 */
#ifndef FIRMWARE_CLASS_TYPIST_H
#define FIRMWARE_CLASS_TYPIST_H

#include "driver/usbd.h"

/* For struct device: hid_on_event is called here too. */
void typist_on_event(enum usbd_event event);

#endif
