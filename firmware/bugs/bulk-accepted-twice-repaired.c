/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulk-accepted-twice, repaired: SIZE is written once, when the endpoint is opened.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t received[BULK_PACKET];
static volatile uint32_t packets;

static void take_packet(void)
{
    (void)bulk_fetch(1, received);
    for (volatile unsigned i = 0; i < 2000; i++)
        ; /* hands the packet on */
    packets++;
}

int main(void)
{
    bulk_device_start();
    for (;;) {
        if (bulk_device_wait() & BULK_OUT(1))
            take_packet();
    }
}
