/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SIZE keeps the length of the packet before until the next one comes. Whenever something has
 * happened the driver looks there, and fetches the old packet once more. After
 * nrf-rs/nrf-usbd#16, an echo that repeats itself.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t received[BULK_PACKET];
static volatile uint32_t bytes;

static void fetch(uint32_t size)
{
    NRF_USBD->EVENTS_ENDEPOUT[1] = 0;
    NRF_USBD->EPOUT[1].PTR = DMA_ADDRESS(received);
    NRF_USBD->EPOUT[1].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPOUT[1] = 1; // expect: USB002
    while (!NRF_USBD->EVENTS_ENDEPOUT[1])
        ;
    dma_end();
    errata_after_dma();
    bytes += size;
}

int main(void)
{
    bulk_device_start();
    for (;;) {
        uint32_t news = bulk_device_wait();

        if (news && NRF_USBD->SIZE_EPOUT[1] > 0)
            fetch(NRF_USBD->SIZE_EPOUT[1]);
        if (news & BULK_OUT(2))
            bytes += bulk_fetch(2, received);
    }
}
