/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of i2s-off-while-it-plays.c: it waits for STOPPED. */
#include "firmware/bugs/parts/nrf_sound.h"

enum { COUNT = 16 };

static uint32_t buffer[COUNT];

int main(void)
{
    i2s_open();
    i2s_prepare(buffer, COUNT);
    NRF_I2S->TASKS_START = 1;
    i2s_wait_begun();
    i2s_stop();
    program_exit(0);
}
