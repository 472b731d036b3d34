/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of pwm-pattern-in-flash.c: the table is copied to RAM. */
#include "firmware/bugs/parts/nrf_pwm.h"

static const uint16_t breath[] = {2, 5, 9, 14, 18, 14, 9, 5};
static uint16_t steps[sizeof breath / sizeof breath[0]];

int main(void)
{
    pwm_open();
    memcpy(steps, breath, sizeof steps);
    pwm_prepare(steps, sizeof steps / sizeof steps[0]);
    NRF_PWM0->TASKS_SEQSTART[0] = 1;
    pwm_wait();
    program_exit(0);
}
