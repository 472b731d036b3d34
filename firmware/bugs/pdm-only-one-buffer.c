/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A microphone is read into one buffer. At END it is full, but PDM has begun with it again: nobody
 * has given it another one, and it does not wait. After embassy-rs/embassy PR#928, where sampling
 * goes on into a buffer that is in use.
 */
#include "firmware/bugs/parts/nrf_sound.h"

enum { COUNT = 16, BUFFERS = 3 };

static int16_t buffer[COUNT];
static volatile int level;

int main(void)
{
    pdm_open();
    pdm_prepare(buffer, COUNT);
    NRF_PDM->TASKS_START = 1;
    for (unsigned n = 0; n < BUFFERS; n++) {
        pdm_wait_end();
        for (unsigned i = 0; i < COUNT; i++)
            level += buffer[i]; // expect: DMA002
    }
    pdm_stop();
    program_exit(0);
}
