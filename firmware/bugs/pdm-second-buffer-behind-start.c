/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The second buffer is given right behind START, without waiting for STARTED: which of the two PDM
 * captures first is open. After zephyrproject-rtos/zephyr PR#24209, where the next buffer of a UART
 * is set at such a moment.
 */
#include "firmware/bugs/parts/nrf_sound.h"

enum { COUNT = 16 };

static int16_t buffer[2][COUNT];

int main(void)
{
    pdm_open();
    pdm_prepare(buffer[0], COUNT);
    NRF_PDM->TASKS_START = 1;
    NRF_PDM->SAMPLE_PTR = DMA_POINTER(buffer[1]); // expect: PER002
    pdm_wait_end();
    pdm_stop();
    program_exit(0);
}
