/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MAXCNT is the size of the endpoint, whatever has arrived. Behind a short packet the buffer
 * gets bytes of an earlier one, and the echo sends them. After zephyrproject-rtos/zephyr
 * PR#6655.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t received[BULK_PACKET];

static void echo(void)
{
    uint32_t size = BULK_PACKET;

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
