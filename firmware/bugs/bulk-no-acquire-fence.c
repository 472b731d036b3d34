/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop that waits for ENDEPOUT reads a volatile register, the buffer behind it is ordinary
 * memory: without a fence the compiler may read the buffer before the loop. After
 * nrf-rs/nrf-hal PR#34, which put fences around each transfer.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t received[BULK_PACKET];
static volatile uint32_t checksum;

static uint32_t sum(uint32_t size)
{
    uint32_t total = 0;

    for (uint32_t i = 0; i < size; i++)
        total += received[i]; // expect: FEN002
    return total;
}

static void echo(void)
{
    uint32_t size = NRF_USBD->SIZE_EPOUT[1];

    NRF_USBD->EVENTS_ENDEPOUT[1] = 0;
    NRF_USBD->EPOUT[1].PTR = DMA_ADDRESS(received);
    NRF_USBD->EPOUT[1].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPOUT[1] = 1;
    while (!NRF_USBD->EVENTS_ENDEPOUT[1])
        ;
    checksum = sum(size);
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
