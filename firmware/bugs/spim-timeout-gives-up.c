/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A time-out is too short for the length of the transfer; the driver returns an error, and its
 * caller uses the buffer for something else while EasyDMA goes on. After
 * zephyrproject-rtos/zephyr#53158.
 */
#include "firmware/bugs/parts/spim_device.h"

enum { SIZE = 32, PATIENCE = 20 };

static uint8_t frame[SIZE];

static bool send(void)
{
    spim_start(frame, sizeof frame, NULL, 0);
    for (unsigned i = 0; i < PATIENCE; i++) {
        if (NRF_SPIM0->EVENTS_END) {
            dma_end();
            return true;
        }
    }
    return false;
}

int main(void)
{
    spim_open();
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < SIZE; i++)
            frame[i] = (uint8_t)(round + i); // expect: DMA001
        if (!send())
            continue; /* try it with the next frame */ // may: PER001 PER002 PER014
    }
    spim_wait();
    program_exit(0);
}
