/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first byte is a command, and a look at it while the rest still arrives saves time.
 * Whether it is there already is EasyDMA's affair. After nrf-rs/nrf-hal a03f188, where the
 * first byte of the receive buffer is read before the transfer was stopped.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

enum { COMMAND_ECHO = 0 };

static uint8_t received[BULK_PACKET];
static volatile unsigned echoes;

static void echo(void)
{
    uint32_t size = NRF_USBD->SIZE_EPOUT[1];

    NRF_USBD->EVENTS_ENDEPOUT[1] = 0;
    NRF_USBD->EPOUT[1].PTR = DMA_ADDRESS(received);
    NRF_USBD->EPOUT[1].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPOUT[1] = 1;
    uint8_t command = received[0]; // expect: DMA002
    while (!NRF_USBD->EVENTS_ENDEPOUT[1])
        ;
    dma_end();
    errata_after_dma();
    if (command == COMMAND_ECHO)
        echoes++;
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
