/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of spim-timeout-gives-up.c: after a time-out it stops the master and waits for STOPPED.
 */
#include "firmware/bugs/parts/spim_device.h"

enum { SIZE = 32, PATIENCE = 20 };

static uint8_t frame[SIZE];

static void stop(void)
{
    NRF_SPIM0->EVENTS_STOPPED = 0;
    NRF_SPIM0->TASKS_STOP = 1;
    while (!NRF_SPIM0->EVENTS_STOPPED)
        ;
    dma_end();
}

static bool send(void)
{
    spim_start(frame, sizeof frame, NULL, 0);
    for (unsigned i = 0; i < PATIENCE; i++) {
        if (NRF_SPIM0->EVENTS_END) {
            dma_end();
            return true;
        }
    }
    stop();
    return false;
}

int main(void)
{
    spim_open();
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < SIZE; i++)
            frame[i] = (uint8_t)(round + i);
        if (!send())
            continue; /* try it with the next frame */
    }
    program_exit(0);
}
