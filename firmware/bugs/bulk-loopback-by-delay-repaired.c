/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulk-loopback-by-delay, repaired: it waits for ENDEPOUT.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t packet[BULK_PACKET];

static void echo(void)
{
    uint32_t size = NRF_USBD->SIZE_EPOUT[1];

    NRF_USBD->EVENTS_ENDEPOUT[1] = 0;
    NRF_USBD->EPOUT[1].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPOUT[1].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPOUT[1] = 1;
    while (!NRF_USBD->EVENTS_ENDEPOUT[1])
        ;
    dma_end();
    NRF_USBD->EVENTS_ENDEPIN[1] = 0;
    NRF_USBD->EPIN[1].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[1].MAXCNT = size;
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[1] = 1;
    while (!NRF_USBD->EVENTS_ENDEPIN[1])
        ;
    dma_end();
    errata_after_dma();
}

int main(void)
{
    bulk_device_start();
    for (;;) {
        if (bulk_device_wait() & BULK_OUT(1))
            echo();
    }
}
