/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The size of the line is calculated from that of the port, with one member forgotten: the counter
 * and half of the deadline are sent too. The port is a local variable of main.
 */
#include "firmware/bugs/parts/uarte_device.h"

struct port {
    uint32_t state;
    char line[14];
    uint16_t used;
    uint32_t deadline;
};

struct board {
    uint8_t address;
    struct port ports[2];
};

__attribute__((noinline)) static void flush(struct port *port)
{
    NRF_UARTE0->EVENTS_ENDTX = 0;
    NRF_UARTE0->TXD_PTR = DMA_POINTER(port->line);
    NRF_UARTE0->TXD_MAXCNT = sizeof(struct port) - 6; /* all behind the state */
    dma_start();
    NRF_UARTE0->TASKS_STARTTX = 1; // expect: BUF002
    while (!NRF_UARTE0->EVENTS_ENDTX)
        ;
    dma_end();
    port->used = 0;
}

int main(void)
{
    struct board board;

    uarte_open();
    board.address = 1;
    for (unsigned i = 0; i < sizeof board.ports[1].line; i++)
        board.ports[1].line[i] = (char)('a' + i);
    board.ports[1].state = board.address;
    board.ports[1].used = sizeof board.ports[1].line;
    board.ports[1].deadline = 1000;
    flush(&board.ports[1]);
    program_exit((int)board.ports[1].used);
}
