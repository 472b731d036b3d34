/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Endpoint 0 sends from a local array. The function returns while EasyDMA is still reading its
 * frame, and whatever is called next writes there. After ARMmbed/DAPLink#1046, where the ADC's
 * result goes to a local variable of a function that has returned.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    uint8_t packet[64]; // may: DMA001

    memcpy(packet, bytes, size);
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1; // expect: BUF003
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
