/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of pdm-second-buffer-behind-start.c: it waits for STARTED. */
#include "firmware/bugs/parts/nrf_sound.h"

enum { COUNT = 16 };

static int16_t buffer[2][COUNT];

int main(void)
{
    pdm_open();
    pdm_prepare(buffer[0], COUNT);
    NRF_PDM->TASKS_START = 1;
    pdm_wait_started();
    NRF_PDM->SAMPLE_PTR = DMA_POINTER(buffer[1]);
    pdm_wait_end();
    pdm_stop();
    program_exit(0);
}
