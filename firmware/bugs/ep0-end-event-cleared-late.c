/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end event is cleared right behind the start: one line too low. With a quick engine and a
 * slow core, or an interrupt in between, it is the event of this very transfer. After
 * zephyrproject-rtos/zephyr#12453, a driver that waits for ever for a completion it has lost.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t packet[64];

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    memcpy(packet, bytes, size);
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
    NRF_USBD->EVENTS_ENDEPIN[0] = 0; // expect: PER014
}

void ep0_data_done(void)
{
    dma_end();
    errata_after_dma();
}

int main(void)
{
    ep0_device_run();
}
