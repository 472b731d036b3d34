/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The device descriptor is copied and sent, and only then the version number goes in: somebody
 * added bcdDevice at the end of the function. When the engine is slow the host sees the new
 * version, when it is fast the old one.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

enum { BCD_DEVICE = 12, DEVICE_DESCRIPTOR = 1, FIRMWARE_VERSION = 0x23 };

static uint8_t packet[64];

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    memcpy(packet, bytes, size);
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
    if (bytes[1] == DEVICE_DESCRIPTOR)
        packet[BCD_DEVICE] = FIRMWARE_VERSION; // expect: DMA001
}

void ep0_data_done(void)
{
    dma_end();
    errata_after_dma();
}

int main(void)
{
    ep0_device_run();
}
