/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A copied line: the size of the packet is taken from endpoint 0. It fits as long as nobody
 * looks closely. After embassy-rs/embassy a062baa, which used SIZE of endpoint 0 for every
 * endpoint.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t received[BULK_PACKET];

static void echo(void)
{
    uint32_t size = NRF_USBD->SIZE_EPOUT[0];
    NRF_USBD->EVENTS_ENDEPOUT[1] = 0;
    NRF_USBD->EPOUT[1].PTR = DMA_ADDRESS(received);
    NRF_USBD->EPOUT[1].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPOUT[1] = 1; // expect: PER009
    while (!NRF_USBD->EVENTS_ENDEPOUT[1])
        ;
    dma_end();
    errata_after_dma();
    bulk_send(1, received, size);
}

int main(void)
{
    bulk_device_start();
    for (;;) {
        if (bulk_device_wait() & BULK_OUT(1))
            echo();
    }
}
