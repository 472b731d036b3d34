/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of pdm-only-one-buffer.c: there are two, and the next one is given in time. */
#include "firmware/bugs/parts/nrf_sound.h"

enum { COUNT = 16, BUFFERS = 3 };

static int16_t buffer[2][COUNT];
static volatile int level;

int main(void)
{
    pdm_open();
    pdm_prepare(buffer[0], COUNT);
    NRF_PDM->TASKS_START = 1;
    for (unsigned n = 0; n < BUFFERS; n++) {
        pdm_wait_started();
        pdm_give(buffer[(n + 1) % 2]);
        pdm_wait_end();
        for (unsigned i = 0; i < COUNT; i++)
            level += buffer[n % 2][i];
    }
    pdm_stop();
    program_exit(0);
}
