/* SPDX-License-Identifier: Apache-2.0 */
/* Quoted by the report tests; never compiled. The line numbers are in fake_image.c. */
#include "usbd.h"

static uint8_t buffer[64];

static void answer(const uint8_t *descriptor, size_t size)
{
    usbd_start_epin0(buffer, size);
    memcpy(buffer, descriptor, size);
    wait_for_the_end();
}

int main(void)
{
	for (;;)	answer(device_descriptor, sizeof device_descriptor);
}
