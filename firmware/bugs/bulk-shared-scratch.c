/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two endpoints share one receive buffer, because "only one EasyDMA can run at a time anyway".
 * The second transfer is started without having seen the end of the first, and the first packet
 * is looked at when the second may be in its place. After apache/nuttx PR#9508, where several
 * endpoints start EasyDMA independently of each other.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t scratch[BULK_PACKET];
static volatile uint32_t bytes;

static void start_fetch(unsigned endpoint)
{
    NRF_USBD->EVENTS_ENDEPOUT[endpoint] = 0;
    NRF_USBD->EPOUT[endpoint].PTR = DMA_ADDRESS(scratch);
    NRF_USBD->EPOUT[endpoint].MAXCNT = NRF_USBD->SIZE_EPOUT[endpoint];
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPOUT[endpoint] = 1; // expect: DMA004
    for (volatile unsigned i = 0; i < 200; i++)
        ; /* some microseconds */
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
