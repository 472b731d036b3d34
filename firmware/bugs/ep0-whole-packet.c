/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The buffer holds a descriptor, 18 bytes; MAXCNT says 64, because that is the size of a
 * packet. EasyDMA goes on reading behind the buffer and the host learns what lies there. After
 * zephyrproject-rtos/zephyr PR#6655, where a length is the packet size instead of the true one.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t packet[18];

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    memcpy(packet, bytes, size);
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = 64; // may: BUF005
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1; // expect: BUF002
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
