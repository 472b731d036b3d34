/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line is formatted on the stack and is to be followed by a line end, for which nobody left room:
 * what is sent behind the line is what the stack holds there.
 */
#include "firmware/bugs/parts/uarte_device.h"

__attribute__((noinline)) static void send(const char *line, uint32_t size)
{
    NRF_UARTE0->EVENTS_ENDTX = 0;
    NRF_UARTE0->TXD_PTR = DMA_POINTER(line);
    NRF_UARTE0->TXD_MAXCNT = size;
    dma_start();
    NRF_UARTE0->TASKS_STARTTX = 1; // expect: BUF002
    while (!NRF_UARTE0->EVENTS_ENDTX)
        ;
    dma_end();
}

static void log_state(unsigned number)
{
    char line[10];

    for (unsigned i = 0; i < sizeof line; i++)
        line[i] = (char)('a' + (number + i) % 26);
    send(line, sizeof line + 2); /* and a line end */ // may: BUF005
}

int main(void)
{
    uarte_open();
    for (unsigned number = 0; number < 3; number++)
        log_state(number);
    program_exit(0);
}
