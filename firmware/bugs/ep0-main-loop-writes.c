/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interrupt handler sends the device descriptor from a copy in RAM, in which the main loop
 * keeps a counter. The main loop has no idea that EasyDMA is reading. After
 * jonas-schievink/rubble#67, where the transmit buffer is handed out during transmission.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

enum { BCD_DEVICE = 12, DEVICE_DESCRIPTOR = 1 };

static uint8_t packet[64];
static volatile uint8_t wake_ups;

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    memcpy(packet, bytes, size);
    if (bytes[1] == DEVICE_DESCRIPTOR)
        packet[BCD_DEVICE] = wake_ups;
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
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
    for (;;) {
        wait_for_interrupt();
        wake_ups++;
        packet[BCD_DEVICE] = wake_ups; // expect: DMA001
    }
}
