/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line is formatted on the stack and is to be followed by a line end, for which nobody left room:
 * what is sent behind the line is what the stack holds there.
 */
#include "firmware/bugs/parts/uarte_device.h"

static void log_state(unsigned number)
{
    char line[10];

    for (unsigned i = 0; i < sizeof line; i++)
        line[i] = (char)('a' + (number + i) % 26);
    NRF_UARTE0->EVENTS_ENDTX = 0;
    NRF_UARTE0->TXD_PTR = DMA_POINTER(line);
    NRF_UARTE0->TXD_MAXCNT = sizeof line + 2; /* and a line end */
    dma_start();
    NRF_UARTE0->TASKS_STARTTX = 1; // expect: BUF002
    while (!NRF_UARTE0->EVENTS_ENDTX)
        ;
    dma_end();
}

int main(void)
{
    uarte_open();
    for (unsigned number = 0; number < 3; number++)
        log_state(number);
    program_exit(0);
}
