/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of qspi-read-before-ready.c: the page is used behind READY. */
#include "firmware/bugs/parts/nrf_qspi.h"

enum { SIZE = 16 };

static uint8_t page[SIZE] __attribute__((aligned(4)));
static volatile uint8_t first;

int main(void)
{
    qspi_open();
    qspi_read(0, page, SIZE);
    qspi_wait();
    first = page[0];
    program_exit(0);
}
