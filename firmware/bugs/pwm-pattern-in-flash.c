/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps of a breathing LED are a constant table and played from where they are: from flash,
 * which EasyDMA does not reach. After nrf-rs/nrf-hal#37, for PWM.
 */
#include "firmware/bugs/parts/nrf_pwm.h"

static const uint16_t breath[] = {2, 5, 9, 14, 18, 14, 9, 5};

int main(void)
{
    pwm_open();
    pwm_prepare(breath, sizeof breath / sizeof breath[0]);
    NRF_PWM0->TASKS_SEQSTART[0] = 1; // expect: BUF001
    pwm_wait();
    program_exit(0);
}
