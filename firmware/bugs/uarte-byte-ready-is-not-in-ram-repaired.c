/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The twin of uarte-byte-ready-is-not-in-ram.c: it counts RXDRDY too, but stops the receiver and
 * waits for RXTO before it looks into the buffer.
 */
#include "firmware/bugs/parts/uarte_device.h"

enum { COUNT = 4 };

static uint8_t sent[COUNT] = "echo";
static uint8_t received[2 * COUNT];

static void count_one(void)
{
    while (!NRF_UARTE0->EVENTS_RXDRDY)
        ;
    NRF_UARTE0->EVENTS_RXDRDY = 0;
}

int main(void)
{
    uarte_open();
    uarte_start_receiving(received, sizeof received);
    uarte_start_sending(sent, sizeof sent);
    for (unsigned i = 0; i < COUNT; i++)
        count_one();
    uarte_wait_sent();
    uarte_close();
    require_equal(received, sent, COUNT);
    program_exit(0);
}
