/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The twin of uarte-next-buffer-too-soon.c: PTR is double-buffered, and free again behind
 * RXSTARTED. The second half is started by hand: behind a shortcut its end could come before the
 * event of the first one is cleared, when EasyDMA was late. Both fit into the FIFO.
 */
#include "firmware/bugs/parts/uarte_device.h"

enum { HALF = 2 };

static uint8_t sent[2 * HALF] = "upto";
static uint8_t received[2 * HALF];

int main(void)
{
    uarte_open();
    uarte_start_receiving(received, HALF);
    while (!NRF_UARTE0->EVENTS_RXSTARTED)
        ;
    NRF_UARTE0->RXD_PTR = DMA_POINTER(received + HALF);
    uarte_start_sending(sent, sizeof sent);
    uarte_wait_received();
    require_equal(received, sent, HALF);
    NRF_UARTE0->EVENTS_ENDRX = 0;
    dma_start();
    NRF_UARTE0->TASKS_STARTRX = 1;
    uarte_wait_received();
    require_equal(received, sent, sizeof sent);
    program_exit(0);
}
