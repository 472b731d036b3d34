/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The receive buffer holds 128 bytes, so MAXCNT is generous: the more the better. An endpoint
 * holds 64, and what EasyDMA writes behind them is nobody's data. After embassy-rs/embassy
 * 1ce9418, a length above EasyDMA's limit.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t received[2 * BULK_PACKET];

static void echo(void)
{
    uint32_t size = NRF_USBD->SIZE_EPOUT[1];

    NRF_USBD->EVENTS_ENDEPOUT[1] = 0;
    NRF_USBD->EPOUT[1].PTR = DMA_ADDRESS(received);
    NRF_USBD->EPOUT[1].MAXCNT = 96; // may: PER009
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPOUT[1] = 1; // expect: BUF006
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
