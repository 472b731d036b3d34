/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The number of a register is a constant and sent from flash. The sensor is asked for register 0.
 * After zephyrproject-rtos/zephyr#35550 (a driver of a pressure sensor) and RIOT-OS/RIOT PR#20298.
 */
#include "firmware/bugs/parts/twim_device.h"

static const uint8_t register_number = 0xd0;
static uint8_t identity[1];

int main(void)
{
    twim_open(0x76);
    twim_prepare(&register_number, 1, identity, sizeof identity);
    NRF_TWIM0->SHORTS = TWIM_LASTTX_STARTRX | TWIM_LASTRX_STOP;
    dma_start();
    NRF_TWIM0->TASKS_STARTTX = 1; // expect: BUF001
    (void)twim_wait();
    program_exit(0);
}
