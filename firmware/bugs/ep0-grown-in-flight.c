/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A log of what was sent grows with realloc, right after the start: the block moves, and
 * EasyDMA goes on reading where it was. After lancaster-university/codal-microbit-v2#475, a
 * buffer that may be moved during DMA.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/heap.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t *history; /* the last packet is at its end */
static uint32_t used;

static uint8_t *append(const uint8_t *bytes, uint32_t size)
{
    uint8_t *at = history + used;

    memcpy(at, bytes, size);
    used += size;
    return at;
}

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    uint8_t *packet = append(bytes, size);

    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
    history = realloc(history, used + 64); // expect: BUF004
}

void ep0_data_done(void)
{
    dma_end();
    errata_after_dma();
}

int main(void)
{
    history = malloc(64);
    ep0_device_run();
}
