/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The heap is too small for the answer, malloc returns a null pointer, and nobody looks.
 * Address 0 is the vector table in flash, which takes no copy; EasyDMA cannot read there.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/heap.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t *packet;

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    packet = malloc(4096);
    memcpy(packet, bytes, size); // expect: PER013
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1; // expect: BUF001
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
