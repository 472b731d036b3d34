/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of i2s-tune-in-flash.c: the tune is copied to RAM. */
#include "firmware/bugs/parts/nrf_sound.h"

static const uint32_t tune[8] = {1, 2, 3, 4, 5, 6, 7, 8};
static uint32_t copy[8];

int main(void)
{
    memcpy(copy, tune, sizeof copy);
    i2s_open();
    i2s_prepare(copy, sizeof copy / sizeof copy[0]);
    NRF_I2S->TASKS_START = 1;
    i2s_wait_begun();
    i2s_wait_begun();
    i2s_stop();
    program_exit(0);
}
