/* SPDX-License-Identifier: Apache-2.0 */
/*
 * STOPPED is seen, and the sensor's answer is read with plain loads: nothing keeps a compiler from
 * reading it before. After nrf-rs/nrf-hal#33.
 */
#include "firmware/bugs/parts/twim_device.h"

static uint8_t which[] = {0xd0};
static uint8_t answer[4];
static volatile uint8_t identity;

int main(void)
{
    twim_open(0x76);
    twim_prepare(which, sizeof which, answer, sizeof answer);
    twim_start(sizeof answer);
    while (!NRF_TWIM0->EVENTS_STOPPED)
        ;
    identity = *(volatile uint8_t *)answer; // expect: FEN002
    program_exit(0);
}
