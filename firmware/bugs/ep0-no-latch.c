/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EasyDMA is started without the latch of anomaly 199: tasks that are triggered while it runs
 * may be lost, and endpoint 0 hangs once in a while. After embassy-rs/embassy PR#6688 and
 * hathach/tinyusb 4bbb235.
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
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1; // expect: PER006
}

void ep0_data_done(void)
{
    dma_end();
}

int main(void)
{
    ep0_device_run();
}
