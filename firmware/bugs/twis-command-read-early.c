/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WRITE is taken for "a command has come". It says that the master wants to write: the bytes
 * follow. After nrf-rs/nrf-hal commit a03f188, where a received byte was read before its transfer
 * had ended.
 */
#include "firmware/bugs/parts/nrf_twis.h"

static uint8_t command[4];
static volatile uint8_t last;

int main(void)
{
    twis_open();
    twis_describe_command(command, sizeof command);
    NRF_TWIS0->TASKS_PREPARERX = 1;
    while (!NRF_TWIS0->EVENTS_WRITE)
        ;
    dma_end();
    last = command[0]; // expect: DMA002
    twis_wait();
    program_exit(0);
}
