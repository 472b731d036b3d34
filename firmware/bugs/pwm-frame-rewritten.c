/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The colours of a chain of LEDs are a sequence of PWM values. The next frame is written into them
 * while they are on their way out. After embassy-rs/embassy PR#484, where a sequence can be changed
 * while it is played.
 */
#include "firmware/bugs/parts/nrf_pwm.h"

enum { BITS = 24 };

static uint16_t frame[BITS];

static void paint(uint32_t colour)
{
    for (unsigned i = 0; i < BITS; i++)
        frame[i] = colour >> (BITS - 1 - i) & 1 ? PWM_BIT_1 : PWM_BIT_0; // expect: DMA001
}

int main(void)
{
    pwm_open();
    for (uint32_t colour = 1; colour < 4; colour++) {
        paint(colour << 8);
        if (colour > 1)
            pwm_wait();
        pwm_prepare(frame, BITS);
        NRF_PWM0->TASKS_SEQSTART[0] = 1;
    }
    pwm_wait();
    program_exit(0);
}
