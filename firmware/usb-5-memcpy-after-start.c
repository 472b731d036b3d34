/* SPDX-License-Identifier: Apache-2.0 */
/* usb-5 on the driver with the first seeded bug: what `make demo` shows beside usb-5 itself. */
#include "firmware/bugs/usb-3-memcpy-after-start.c"
#include "firmware/usb-5.c"
