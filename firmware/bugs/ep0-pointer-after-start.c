/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line was moved: PTR is written after the start. Most of the time EasyDMA has captured the
 * old pointer by then, which is the same one, and everything works. After
 * adafruit/Adafruit_nRF52_Arduino PR#872: PTR and MAXCNT are written behind the task.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t half[2][64];
static unsigned current;

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    memcpy(half[current], bytes, size);
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(half[current]); // expect: PER002
}

void ep0_data_done(void)
{
    dma_end();
    errata_after_dma();
}

int main(void)
{
    ep0_device_start(0);
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(half[current]);
    ep0_device_serve();
}
