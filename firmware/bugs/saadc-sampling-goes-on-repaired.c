/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of saadc-sampling-goes-on.c: it stops the converter and waits for STOPPED. */
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
    NRF_SAADC->SAMPLERATE = 0;
    saadc_stop();
}

int main(void)
{
    saadc_open();
    begin();
    while (!NRF_SAADC->EVENTS_RESULTDONE)
        ;
    give_up();
    for (unsigned i = 0; i < COUNT; i++)
        results[i] = -1;
    program_exit(0);
}
