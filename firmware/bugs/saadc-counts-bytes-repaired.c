/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of saadc-counts-bytes.c: MAXCNT is the number of results. */
#include "firmware/bugs/parts/nrf_saadc.h"

static volatile int16_t results[4];
static volatile int16_t others[8];

int main(void)
{
    saadc_open();
    others[0] = 0;
    NRF_SAADC->EVENTS_STARTED = 0;
    NRF_SAADC->EVENTS_END = 0;
    NRF_SAADC->RESULT_PTR = DMA_POINTER(results);
    NRF_SAADC->RESULT_MAXCNT = sizeof results / sizeof results[0];
    dma_start();
    NRF_SAADC->TASKS_START = 1;
    while (!NRF_SAADC->EVENTS_STARTED)
        ;
    NRF_SAADC->SAMPLERATE = SAADC_CONTINUOUS_10_KHZ;
    NRF_SAADC->TASKS_SAMPLE = 1;
    saadc_wait();
    saadc_stop();
    program_exit(0);
}
