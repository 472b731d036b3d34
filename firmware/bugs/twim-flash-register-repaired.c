/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of twim-flash-register.c: the number is a variable, in RAM. */
#include "firmware/bugs/parts/twim_device.h"

static uint8_t register_number = 0xd0;
static uint8_t identity[1];

int main(void)
{
    twim_open(0x76);
    twim_prepare(&register_number, 1, identity, sizeof identity);
    NRF_TWIM0->SHORTS = TWIM_LASTTX_STARTRX | TWIM_LASTRX_STOP;
    dma_start();
    NRF_TWIM0->TASKS_STARTTX = 1;
    if (!twim_wait() || identity[0] != 0x58)
        program_exit(1);
    program_exit(0);
}
