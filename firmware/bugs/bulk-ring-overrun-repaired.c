/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulk-ring-overrun, repaired: bytes in flight count as occupied.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/masked.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

enum { RING = 64, CHUNK = 32 };

static uint8_t ring[RING];
static uint32_t head; /* next byte to be written */
static uint32_t tail; /* first byte not yet started */
static uint32_t in_flight;

static bool is_full(void)
{
    return head - tail + in_flight == RING;
}

static void produce(void)
{
    while (!is_full()) {
        ring[head % RING] = (uint8_t)head;
        head++;
    }
}

static void start(void)
{
    NRF_USBD->EVENTS_ENDEPIN[1] = 0;
    NRF_USBD->EPIN[1].PTR = DMA_ADDRESS(&ring[tail % RING]);
    NRF_USBD->EPIN[1].MAXCNT = CHUNK;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[1] = 1;
    tail += CHUNK;
    in_flight = CHUNK;
}

static void finish(void)
{
    while (!NRF_USBD->EVENTS_ENDEPIN[1])
        ;
    dma_end();
    errata_after_dma();
    in_flight = 0;
}

int main(void)
{
    bool sent = false;

    bulk_device_start();
    for (;;) {
        uint32_t news = bulk_device_wait();

        if (!bulk_device_configured() || (sent && !(news & BULK_IN(1))))
            continue;
        sent = true;
        produce();
        start();
        produce();
        finish();
    }
}
