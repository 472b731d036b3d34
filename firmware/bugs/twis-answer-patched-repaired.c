/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of twis-answer-patched.c: the status changes between two answers. */
#include "firmware/bugs/parts/nrf_twis.h"

static uint8_t answer[4];

static void update(uint8_t status)
{
    answer[0] = status;
}

int main(void)
{
    twis_open();
    update(0x80);
    twis_describe_answer(answer, sizeof answer);
    NRF_TWIS0->TASKS_PREPARETX = 1;
    twis_wait();
    update(0x00);
    program_exit(0);
}
