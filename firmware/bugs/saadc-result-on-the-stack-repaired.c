/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of saadc-result-on-the-stack.c: the result has static storage. */
#include "firmware/bugs/parts/nrf_saadc.h"

static volatile int16_t result;

static __attribute__((noinline)) void begin(void)
{
    NRF_SAADC->EVENTS_STARTED = 0;
    NRF_SAADC->EVENTS_END = 0;
    NRF_SAADC->RESULT_PTR = DMA_POINTER(&result);
    NRF_SAADC->RESULT_MAXCNT = 1;
    dma_start();
    NRF_SAADC->TASKS_START = 1;
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
    if (result != 512)
        program_exit(1);
    program_exit(0);
}
