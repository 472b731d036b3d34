/* SPDX-License-Identifier: Apache-2.0 */
/* busy-set-after-start, repaired: the flag is set before the start task. */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/masked.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

#define INT_ENDEPIN0 (1u << 2)
#define REQUESTS (INT_USBRESET | INT_EP0SETUP | INT_EP0DATADONE)

static uint8_t packet[64];
static volatile bool noted;
static volatile bool busy;

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    if (busy)
        return; /* the host asks again */
    busy = true;
    memcpy(packet, bytes, size);
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
}

void ep0_data_done(void)
{
}

void usbd_handler(void)
{
    if (NRF_USBD->EVENTS_ENDEPIN[0]) {
        NRF_USBD->EVENTS_ENDEPIN[0] = 0;
        dma_end();
        errata_after_dma();
        busy = false;
    }
    NRF_USBD->INTENCLR = REQUESTS;
    (void)NRF_USBD->INTENCLR; /* has arrived before the handler returns */
    noted = true;
}

int main(void)
{
    ep0_device_start(0);
    NRF_USBD->INTENCLR = 0xffffffff;
    NRF_USBD->INTENSET = REQUESTS | INT_ENDEPIN0;
    nvic_enable(USBD_IRQ);
    for (;;) {
        interrupts_disable();
        if (!noted)
            wait_for_interrupt();
        interrupts_enable();
        noted = false;
        ep0_device_poll();
        NRF_USBD->INTENSET = REQUESTS;
    }
}
