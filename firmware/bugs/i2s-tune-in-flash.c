/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A constant tune is played from where the compiler has put it: flash, which EasyDMA does not
 * reach. After nrf-rs/nrf-hal#37, where constants were handed to EasyDMA.
 */
#include "firmware/bugs/parts/nrf_sound.h"

static const uint32_t tune[8] = {1, 2, 3, 4, 5, 6, 7, 8};

int main(void)
{
    i2s_open();
    i2s_prepare(tune, sizeof tune / sizeof tune[0]);
    NRF_I2S->TASKS_START = 1; // expect: BUF001
    i2s_wait_begun();
    i2s_wait_begun();
    i2s_stop();
    program_exit(0);
}
