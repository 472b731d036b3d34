/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The receive buffer is described behind the start of the read. Whether EasyDMA takes the old or
 * the new description is open. After adafruit/Adafruit_nRF52_Arduino PR#872, where PTR and MAXCNT
 * are written behind the task that sets the transfer going.
 */
#include "firmware/bugs/parts/twim_device.h"

static uint8_t old[4];
static uint8_t sample[4];

static void read(uint8_t *buffer, uint32_t size)
{
    NRF_TWIM0->EVENTS_STOPPED = 0;
    NRF_TWIM0->SHORTS = TWIM_LASTRX_STOP;
    dma_start();
    NRF_TWIM0->TASKS_STARTRX = 1;
    NRF_TWIM0->RXD_PTR = DMA_POINTER(buffer); // expect: PER002
    NRF_TWIM0->RXD_MAXCNT = size;             // expect: PER002
    (void)twim_wait();
}

int main(void)
{
    twim_open(0x76);
    NRF_TWIM0->RXD_PTR = DMA_POINTER(old);
    NRF_TWIM0->RXD_MAXCNT = sizeof old;
    read(sample, sizeof sample);
    program_exit(0);
}
