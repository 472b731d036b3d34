/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Before each fetch the driver writes SIZE, to make sure that the endpoint is open. A packet is
 * held there: the write throws it away. After RIOT-OS/RIOT's driver for USBD, which writes SIZE
 * for each receive.
 */
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t received[BULK_PACKET];
static volatile uint32_t bytes;

static void take_packet(void)
{
    NRF_USBD->SIZE_EPOUT[1] = 0; // expect: PER008
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
