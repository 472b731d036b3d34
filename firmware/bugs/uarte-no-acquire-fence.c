/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ENDRX is seen, and the bytes are read with plain loads: nothing keeps a compiler from reading
 * them before. After nrf-rs/nrf-hal#33.
 */
#include "firmware/bugs/parts/uarte_device.h"

enum { COUNT = 4 };

static uint8_t sent[COUNT] = "late";
static uint8_t received[COUNT];
static volatile uint8_t first;

int main(void)
{
    uarte_open();
    uarte_start_receiving(received, COUNT);
    uarte_start_sending(sent, COUNT);
    uarte_wait_sent();
    while (!NRF_UARTE0->EVENTS_ENDRX)
        ;
    first = *(volatile uint8_t *)received; // expect: FEN002
    uarte_close();
    program_exit(0);
}
