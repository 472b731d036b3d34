/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The latch of anomaly 199 is set when the device starts, and cleared behind each transfer:
 * from the second packet on it is missing. It has to be set before each start.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t packet[64];

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    memcpy(packet, bytes, size);
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1; // expect: PER006
}

void ep0_data_done(void)
{
    dma_end();
    errata_after_dma();
}

int main(void)
{
    ep0_device_start(0);
    errata_before_dma();
    ep0_device_serve();
}
