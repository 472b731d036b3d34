/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A write follows a read of a register, and SHORTS is left as the read had it: behind the write
 * another read starts, into a buffer its owner works with. After embassy-rs/embassy#4250, where
 * shortcuts of an earlier transfer are suspected.
 */
#include "firmware/bugs/parts/twim_device.h"

static uint8_t request[2] = {0xd0, 0};
static uint8_t calibration[4];
static volatile uint8_t sum;

int main(void)
{
    twim_open(0x76);
    twim_prepare(request, 1, calibration, sizeof calibration);
    twim_start(sizeof calibration);
    (void)twim_wait();
    NRF_TWIM0->EVENTS_STOPPED = 0;
    request[0] = 0xf4;
    NRF_TWIM0->TXD_MAXCNT = 2;
    NRF_TWIM0->EVENTS_LASTTX = 0;
    dma_start();
    NRF_TWIM0->TASKS_STARTTX = 1; /* with the shortcut to STARTRX */
    while (!NRF_TWIM0->EVENTS_LASTTX)
        ;
    for (unsigned i = 0; i < sizeof calibration; i++)
        sum = (uint8_t)(sum + calibration[i]); // expect: DMA002
    (void)twim_wait();
    program_exit(0);
}
