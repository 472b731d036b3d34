/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MAXCNT is set to the size of the buffer in bytes. SAADC counts results of two bytes, and fills
 * what is behind the buffer. After nrf-rs/nrf-hal#315, where sizes of EasyDMA are wrong constants.
 */
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
    NRF_SAADC->RESULT_MAXCNT = sizeof results;
    dma_start();
    NRF_SAADC->TASKS_START = 1; // expect: BUF002
    while (!NRF_SAADC->EVENTS_STARTED)
        ;
    NRF_SAADC->SAMPLERATE = SAADC_CONTINUOUS_10_KHZ;
    NRF_SAADC->TASKS_SAMPLE = 1;
    saadc_wait();
    saadc_stop();
    program_exit(0);
}
