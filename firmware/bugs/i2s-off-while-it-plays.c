/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tune is over for the program when its last buffer has begun: it disables I2S, which still
 * reads that buffer. After adafruit/Adafruit_nRF52_Arduino commit 798c390, where a UART was
 * disabled without waiting for its STOPPED events.
 */
#include "firmware/bugs/parts/nrf_sound.h"

enum { COUNT = 16 };

static uint32_t buffer[COUNT];

int main(void)
{
    i2s_open();
    i2s_prepare(buffer, COUNT);
    NRF_I2S->TASKS_START = 1;
    i2s_wait_begun();
    NRF_I2S->TASKS_STOP = 1;
    NRF_I2S->ENABLE = 0; // expect: PER010
    program_exit(0);
}
