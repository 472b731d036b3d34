/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulk-shared-scratch, repaired: each endpoint has a buffer of its own, and the end of each
 * transfer is awaited.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t scratch[3][BULK_PACKET];
static volatile uint32_t bytes;

static void start_fetch(unsigned endpoint)
{
    NRF_USBD->EVENTS_ENDEPOUT[endpoint] = 0;
    NRF_USBD->EPOUT[endpoint].PTR = DMA_ADDRESS(scratch[endpoint]);
    NRF_USBD->EPOUT[endpoint].MAXCNT = NRF_USBD->SIZE_EPOUT[endpoint];
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPOUT[endpoint] = 1;
    while (!NRF_USBD->EVENTS_ENDEPOUT[endpoint])
        ;
    dma_end();
    errata_after_dma();
    bytes += NRF_USBD->EPOUT[endpoint].AMOUNT;
}

int main(void)
{
    bulk_device_start();
    for (;;) {
        uint32_t news = bulk_device_wait();

        if (news & BULK_OUT(1))
            start_fetch(1);
        if (news & BULK_OUT(2))
            start_fetch(2);
    }
}
