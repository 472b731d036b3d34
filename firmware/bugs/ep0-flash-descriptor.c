/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The descriptor is a constant, constants are in flash, and EasyDMA cannot read flash: the host
 * receives something else. After nrf-rs/nrf-hal#37, where a static string is handed to EasyDMA,
 * and RIOT-OS/RIOT PR#11170, where data in ROM goes out as zeros.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    const uint8_t *packet = bytes;

    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1; // expect: BUF001
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
