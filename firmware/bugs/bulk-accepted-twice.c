/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of the transfer makes the endpoint accept the next packet by itself. The driver
 * writes SIZE as well, a little later, and throws away a packet that has arrived in between.
 * After hathach/tinyusb PR#733 and embassy-rs/embassy PR#6688.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t received[BULK_PACKET];
static volatile uint32_t packets; // may: PER009 USB001

static void take_packet(void)
{
    (void)bulk_fetch(1, received);
    for (volatile unsigned i = 0; i < 2000; i++)
        ; /* hands the packet on */
    packets++;
    NRF_USBD->SIZE_EPOUT[1] = 0; // expect: PER008
}

int main(void)
{
    bulk_device_start();
    for (;;) {
        if (bulk_device_wait() & BULK_OUT(1))
            take_packet();
    }
}
