/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of pwm-frame-freed.c: the frame is given back when it is out. */
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
    pwm_wait();
    free(frame);
    program_exit(0);
}
