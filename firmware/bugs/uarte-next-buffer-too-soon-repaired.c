/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The twin of uarte-next-buffer-too-soon.c: PTR is double-buffered, and free again behind
 * RXSTARTED. The shortcut goes before the second buffer is full.
 */
#include "firmware/bugs/parts/uarte_device.h"

enum { HALF = 4 };

static uint8_t sent[2 * HALF] = "leftrigh";
static uint8_t received[2 * HALF];

int main(void)
{
    uarte_open();
    NRF_UARTE0->SHORTS = UARTE_ENDRX_STARTRX;
    uarte_start_receiving(received, HALF);
    while (!NRF_UARTE0->EVENTS_RXSTARTED)
        ;
    NRF_UARTE0->RXD_PTR = DMA_POINTER(received + HALF);
    uarte_start_sending(sent, sizeof sent);
    uarte_wait_received();
    require_equal(received, sent, HALF);
    NRF_UARTE0->SHORTS = 0;
    NRF_UARTE0->EVENTS_ENDRX = 0;
    uarte_wait_received();
    require_equal(received, sent, sizeof sent);
    program_exit(0);
}
