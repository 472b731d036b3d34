/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A slave's status byte is brought up to date in place, while the answer is prepared: the master
 * may read it at any moment. After embassy-rs/embassy PR#484, where data is changed while EasyDMA
 * has it.
 */
#include "firmware/bugs/parts/nrf_twis.h"

static uint8_t answer[4];

static void update(uint8_t status)
{
    answer[0] = status; // expect: DMA001
}

int main(void)
{
    twis_open();
    twis_describe_answer(answer, sizeof answer);
    NRF_TWIS0->TASKS_PREPARETX = 1;
    update(0x80);
    twis_wait();
    program_exit(0);
}
