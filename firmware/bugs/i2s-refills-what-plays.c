/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tune is made in two buffers. At TXPTRUPD the program fills the buffer that has just begun to be
 * sent, in place of the one that is free. After embassy-rs/embassy PR#484, where data is changed
 * while it is played.
 */
#include "firmware/bugs/parts/nrf_sound.h"

enum { COUNT = 16, BUFFERS = 4 };

static uint32_t buffer[2][COUNT];

static void compose(uint32_t *words, uint32_t tone)
{
    for (unsigned i = 0; i < COUNT; i++)
        words[i] = tone + 0x10001 * i; // expect: DMA001
}

int main(void)
{
    i2s_open();
    i2s_prepare(buffer[0], COUNT);
    NRF_I2S->TASKS_START = 1;
    for (uint32_t n = 0; n < BUFFERS; n++) {
        i2s_wait_begun();
        i2s_give(buffer[(n + 1) % 2]);
        compose(buffer[n % 2], n + 1);
    }
    i2s_stop();
    program_exit(0);
}
