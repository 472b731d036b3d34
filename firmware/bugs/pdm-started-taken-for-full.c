/* SPDX-License-Identifier: Apache-2.0 */
/*
 * STARTED is taken for "the buffer is full". It says that the buffer has begun, and that the one
 * before it is full. A misunderstanding that the two-buffer scheme of PDM drivers invites.
 */
#include "firmware/bugs/parts/nrf_sound.h"

enum { COUNT = 16, BUFFERS = 4 };

static int16_t buffer[2][COUNT];
static volatile int level;

static void measure(const int16_t *samples)
{
    int loudest = 0;

    for (unsigned i = 0; i < COUNT; i++)
        loudest = samples[i] > loudest ? samples[i] : loudest; // expect: DMA002
    level = loudest;
}

int main(void)
{
    pdm_open();
    pdm_prepare(buffer[0], COUNT);
    NRF_PDM->TASKS_START = 1;
    for (unsigned n = 0; n < BUFFERS; n++) {
        pdm_wait_started();
        pdm_give(buffer[(n + 1) % 2]);
        measure(buffer[n % 2]);
    }
    pdm_stop();
    program_exit(0);
}
