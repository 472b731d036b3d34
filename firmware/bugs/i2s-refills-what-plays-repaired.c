/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of i2s-refills-what-plays.c: it fills the buffer that is free, and then gives it. */
#include "firmware/bugs/parts/nrf_sound.h"

enum { COUNT = 16, BUFFERS = 4 };

static uint32_t buffer[2][COUNT];

static void compose(uint32_t *words, uint32_t tone)
{
    for (unsigned i = 0; i < COUNT; i++)
        words[i] = tone + 0x10001 * i;
}

int main(void)
{
    i2s_open();
    compose(buffer[0], 0);
    i2s_prepare(buffer[0], COUNT);
    NRF_I2S->TASKS_START = 1;
    for (uint32_t n = 0; n < BUFFERS; n++) {
        i2s_wait_begun();
        compose(buffer[(n + 1) % 2], n + 1);
        dma_start();
        i2s_give(buffer[(n + 1) % 2]);
    }
    i2s_stop();
    program_exit(0);
}
