/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of pwm-frame-rewritten.c: a frame is painted when the one before is out. */
#include "firmware/bugs/parts/nrf_pwm.h"

enum { BITS = 24 };

static uint16_t frame[BITS];

static void paint(uint32_t colour)
{
    for (unsigned i = 0; i < BITS; i++)
        frame[i] = colour >> (BITS - 1 - i) & 1 ? PWM_BIT_1 : PWM_BIT_0;
}

int main(void)
{
    pwm_open();
    for (uint32_t colour = 1; colour < 4; colour++) {
        if (colour > 1)
            pwm_wait();
        paint(colour << 8);
        pwm_prepare(frame, BITS);
        NRF_PWM0->TASKS_SEQSTART[0] = 1;
    }
    pwm_wait();
    program_exit(0);
}
