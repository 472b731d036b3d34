/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The colours of a chain of LEDs are on the heap, and given back as soon as they are on their way
 * out. After lancaster-university/codal-microbit-v2#475, where the memory of a frame is used again
 * while PWM reads it.
 */
#include "firmware/bugs/parts/heap.h"
#include "firmware/bugs/parts/nrf_pwm.h"

enum { BITS = 24 };

int main(void)
{
    uint16_t *frame = malloc(BITS * sizeof *frame);

    pwm_open();
    for (unsigned i = 0; i < BITS; i++)
        frame[i] = i % 3 ? PWM_BIT_0 : PWM_BIT_1;
    pwm_prepare(frame, BITS);
    NRF_PWM0->TASKS_SEQSTART[0] = 1;
    free(frame); // expect: BUF004
    pwm_wait();
    program_exit(0);
}
