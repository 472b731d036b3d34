/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulk-size-during-dma, repaired: both sizes are read before the start.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t left[BULK_PACKET];
static uint8_t right[BULK_PACKET];
static volatile uint32_t bytes;

static void start(unsigned endpoint, uint8_t *packet, uint32_t size)
{
    NRF_USBD->EVENTS_ENDEPOUT[endpoint] = 0;
    NRF_USBD->EPOUT[endpoint].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPOUT[endpoint].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPOUT[endpoint] = 1;
}

static void finish(unsigned endpoint)
{
    while (!NRF_USBD->EVENTS_ENDEPOUT[endpoint])
        ;
    dma_end();
    errata_after_dma();
}

static void fetch_both(void)
{
    uint32_t second = NRF_USBD->SIZE_EPOUT[2];
    start(1, left, NRF_USBD->SIZE_EPOUT[1]);

    finish(1);
    start(2, right, second);
    finish(2);
    bytes += second;
}

int main(void)
{
    uint32_t held = 0;

    bulk_device_start();
    for (;;) {
        held |= bulk_device_wait();
        if ((held & BULK_OUT(1)) && (held & BULK_OUT(2))) {
            fetch_both();
            held = 0;
        }
    }
}
