/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of twis-command-read-early.c: it waits for STOPPED. */
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
    twis_wait();
    last = command[0];
    program_exit(0);
}
