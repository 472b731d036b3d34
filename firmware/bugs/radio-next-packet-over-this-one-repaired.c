/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of radio-next-packet-over-this-one.c: PACKETPTR leads to a second buffer by then, as
 * START captures it. */
#include "firmware/bugs/parts/nrf_radio.h"

static uint8_t packets[2][RADIO_HEADER + RADIO_PAYLOAD];
static volatile unsigned sum;

static void add_up(const uint8_t *packet)
{
    for (unsigned i = 0; i < 8; i++)
        sum += packet[RADIO_HEADER + i];
}

int main(void)
{
    radio_open();
    radio_ramp_up(&NRF_RADIO->TASKS_RXEN);
    NRF_RADIO->SHORTS = RADIO_END_START;
    radio_start(packets[0]);
    for (unsigned count = 0; count < 3; count++) {
        NRF_RADIO->PACKETPTR = DMA_POINTER(packets[(count + 1) % 2]);
        radio_wait();
        NRF_RADIO->EVENTS_END = 0;
        add_up(packets[count % 2]);
    }
    radio_close();
    program_exit(0);
}
