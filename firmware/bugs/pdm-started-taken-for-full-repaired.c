/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of pdm-started-taken-for-full.c: with STARTED the buffer before is measured. */
#include "firmware/bugs/parts/nrf_sound.h"

enum { COUNT = 16, BUFFERS = 4 };

static int16_t buffer[2][COUNT];
static volatile int level;

static void measure(const int16_t *samples)
{
    int loudest = 0;

    for (unsigned i = 0; i < COUNT; i++)
        loudest = samples[i] > loudest ? samples[i] : loudest;
    level = loudest;
}

int main(void)
{
    pdm_open();
    pdm_prepare(buffer[0], COUNT);
    NRF_PDM->TASKS_START = 1;
    for (unsigned n = 0; n < BUFFERS; n++) {
        pdm_wait_started();
        if (n > 0)
            measure(buffer[(n + 1) % 2]);
        pdm_give(buffer[(n + 1) % 2]);
    }
    pdm_stop();
    program_exit(0);
}
