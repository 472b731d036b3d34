/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulk-accepts-while-full, repaired: SIZE is read only.
 */
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t received[BULK_PACKET];
static volatile uint32_t bytes;

static void take_packet(void)
{
    bytes += bulk_fetch(1, received);
}

int main(void)
{
    bulk_device_start();
    for (;;) {
        if (bulk_device_wait() & BULK_OUT(1))
            take_packet();
    }
}
