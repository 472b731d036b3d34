/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A second frame is started while the first is still being sent, from a buffer of its own. Nobody
 * has said what the start does then. After microbit-foundation/micropython-microbit-v2#27, where
 * sending twice in quick succession hangs.
 */
#include "firmware/bugs/parts/nrf_pwm.h"

enum { BITS = 24 };

static uint16_t frames[2][BITS];

static void paint(uint16_t *frame, uint16_t value)
{
    for (unsigned i = 0; i < BITS; i++)
        frame[i] = value;
}

int main(void)
{
    pwm_open();
    paint(frames[0], PWM_BIT_0);
    paint(frames[1], PWM_BIT_1);
    pwm_prepare(frames[0], BITS);
    NRF_PWM0->TASKS_SEQSTART[0] = 1;
    while (!NRF_PWM0->EVENTS_SEQSTARTED[0])
        ;
    NRF_PWM0->SEQ[0].PTR = DMA_POINTER(frames[1]);
    dma_start();
    NRF_PWM0->TASKS_SEQSTART[0] = 1; // expect: PER001
    pwm_wait();
    program_exit(0);
}
