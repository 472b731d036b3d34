/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No fence anywhere near the end of a transfer. Nothing happens between start and end that
 * could change the buffer, as the compiler sees it, so it may fetch the first byte before the
 * wait: in some builds it does, in others the order stays by luck. After nrf-rs/nrf-hal#33.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t received[BULK_PACKET];
static volatile uint8_t last_command;

static void echo(void)
{
    uint32_t size = NRF_USBD->SIZE_EPOUT[1];
    uint8_t before = received[0]; // may: DMA002

    NRF_USBD->EVENTS_ENDEPOUT[1] = 0;
    NRF_USBD->EPOUT[1].PTR = DMA_ADDRESS(received);
    NRF_USBD->EPOUT[1].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPOUT[1] = 1;
    while (!NRF_USBD->EVENTS_ENDEPOUT[1])
        ;
    last_command = received[0] ^ before; // expect: FEN002
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
