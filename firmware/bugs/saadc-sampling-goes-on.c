/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Continuous sampling is given up without STOP, and its buffer is put to another use. Samples go on
 * being stored there. After embassy-rs/embassy PR#2502, where a dropped operation leaves the
 * converter running.
 */
#include "firmware/bugs/parts/nrf_saadc.h"

enum { COUNT = 16 };

static volatile int16_t results[COUNT];

static void begin(void)
{
    saadc_start(results, COUNT);
    NRF_SAADC->SAMPLERATE = SAADC_CONTINUOUS_10_KHZ;
    NRF_SAADC->TASKS_SAMPLE = 1;
}

static void give_up(void)
{
    NRF_SAADC->SAMPLERATE = 0; /* does not stop what has begun */
}

int main(void)
{
    saadc_open();
    begin();
    while (!NRF_SAADC->EVENTS_RESULTDONE)
        ;
    give_up();
    for (unsigned i = 0; i < COUNT; i++)
        results[i] = -1; // expect: DMA003
    program_exit(0);
}
