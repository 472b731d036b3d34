/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RXDRDY is counted, and each count taken for a byte in RAM. It says that a byte came in from the
 * wire; EasyDMA moves it later. After embassy-rs/embassy PR#1208, where a buffered UART counted
 * RXDRDY and handed out bytes that had not arrived.
 */
#include "firmware/bugs/parts/uarte_device.h"

enum { COUNT = 4 };

static uint8_t sent[COUNT] = "echo";
static uint8_t received[2 * COUNT];
static volatile uint8_t taken[COUNT];

static void take(unsigned i)
{
    while (!NRF_UARTE0->EVENTS_RXDRDY)
        ;
    NRF_UARTE0->EVENTS_RXDRDY = 0;
    dma_end();
    taken[i] = received[i]; // expect: DMA002
}

int main(void)
{
    uarte_open();
    uarte_start_receiving(received, sizeof received);
    uarte_start_sending(sent, sizeof sent);
    for (unsigned i = 0; i < COUNT; i++)
        take(i);
    uarte_wait_sent();
    uarte_close();
    program_exit(0);
}
