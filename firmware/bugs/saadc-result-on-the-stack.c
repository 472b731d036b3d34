/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A function starts a conversion into a local variable and returns; its caller waits for the end.
 * After ARMmbed/DAPLink#1046, where RESULT.PTR points to a variable of a function that has
 * returned.
 */
#include "firmware/bugs/parts/nrf_saadc.h"

static __attribute__((noinline)) void begin(void)
{
    volatile int16_t result = 0; // may: DMA002 DMA003 FEN002

    NRF_SAADC->EVENTS_STARTED = 0;
    NRF_SAADC->EVENTS_END = 0;
    NRF_SAADC->RESULT_PTR = DMA_POINTER(&result);
    NRF_SAADC->RESULT_MAXCNT = 1;
    dma_start();
    NRF_SAADC->TASKS_START = 1; // expect: BUF003
    while (!NRF_SAADC->EVENTS_STARTED)
        ;
    NRF_SAADC->TASKS_SAMPLE = 1;
}

static __attribute__((noinline)) unsigned work(unsigned depth)
{
    volatile unsigned numbers[16];

    for (unsigned i = 0; i < 16; i++)
        numbers[i] = depth + i;
    return numbers[depth % 16];
}

int main(void)
{
    saadc_open();
    begin();
    (void)work(3);
    saadc_wait();
    program_exit(0);
}
