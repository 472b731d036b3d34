/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page is read from external flash. The driver takes the start for the end, as with a call that
 * blocks, and uses the first byte while the page is still on its way.
 */
#include "firmware/bugs/parts/nrf_qspi.h"

enum { SIZE = 16 };

static uint8_t page[SIZE] __attribute__((aligned(4)));
static volatile uint8_t first;

int main(void)
{
    qspi_open();
    qspi_read(0, page, SIZE);
    first = page[0]; // expect: DMA002
    qspi_wait();
    program_exit(0);
}
