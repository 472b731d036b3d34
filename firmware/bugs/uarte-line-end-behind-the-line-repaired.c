/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uarte-line-end-behind-the-line, repaired: the line end has its place in the line.
 */
#include "firmware/bugs/parts/uarte_device.h"

__attribute__((noinline)) static void send(const char *line, uint32_t size)
{
    NRF_UARTE0->EVENTS_ENDTX = 0;
    NRF_UARTE0->TXD_PTR = DMA_POINTER(line);
    NRF_UARTE0->TXD_MAXCNT = size;
    dma_start();
    NRF_UARTE0->TASKS_STARTTX = 1;
    while (!NRF_UARTE0->EVENTS_ENDTX)
        ;
    dma_end();
}

static void log_state(unsigned number)
{
    char line[12];

    for (unsigned i = 0; i < sizeof line - 2; i++)
        line[i] = (char)('a' + (number + i) % 26);
    line[10] = '\r';
    line[11] = '\n';
    send(line, sizeof line);
}

int main(void)
{
    uarte_open();
    for (unsigned number = 0; number < 3; number++)
        log_state(number);
    program_exit(0);
}
