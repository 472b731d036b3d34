/* SPDX-License-Identifier: Apache-2.0 */
/* shorts-set-after-start, repaired: the shortcut is switched on before the start task. */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/masked.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

static uint8_t packet[64];

/* A line for the log takes a while. */
static void write_log(void)
{
    for (volatile unsigned round = 0; round < 155; round++)
        ;
}

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    NRF_USBD->SHORTS = SHORT_EP0DATADONE_EP0STATUS;
    memcpy(packet, bytes, size);
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
    write_log();
}

void ep0_data_done(void)
{
    dma_end();
    errata_after_dma();
}

void usbd_handler(void)
{
    ep0_device_poll();
}

int main(void)
{
    ep0_device_start(0);
    nvic_enable(USBD_IRQ);
    for (;;)
        wait_for_interrupt();
}
