/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of radio-reads-beyond-the-bit-counter.c: the bit counter is set for all that is read. */
#include "firmware/bugs/parts/nrf_radio.h"

enum { HEADER_BITS = 8 * RADIO_HEADER, ADDRESS_BYTES = 6 };

static uint8_t packet[RADIO_HEADER + RADIO_PAYLOAD];
static volatile uint8_t sender[ADDRESS_BYTES];

static void note_sender(void)
{
    for (unsigned i = 0; i < ADDRESS_BYTES; i++)
        sender[i] = packet[RADIO_HEADER + i];
}

int main(void)
{
    radio_open();
    NRF_RADIO->SHORTS = RADIO_ADDRESS_BCSTART;
    NRF_RADIO->BCC = HEADER_BITS + 8 * ADDRESS_BYTES;
    radio_ramp_up(&NRF_RADIO->TASKS_RXEN);
    radio_start(packet);
    while (!NRF_RADIO->EVENTS_BCMATCH)
        ;
    dma_end();
    note_sender();
    radio_wait();
    radio_close();
    program_exit(0);
}
