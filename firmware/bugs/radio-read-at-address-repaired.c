/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of radio-read-at-address.c: the packet is read behind END. */
#include "firmware/bugs/parts/nrf_radio.h"

static uint8_t packet[RADIO_HEADER + RADIO_PAYLOAD];
static volatile uint8_t length;

int main(void)
{
    radio_open();
    radio_ramp_up(&NRF_RADIO->TASKS_RXEN);
    NRF_RADIO->EVENTS_ADDRESS = 0;
    radio_start(packet);
    while (!NRF_RADIO->EVENTS_ADDRESS)
        ;
    radio_wait();
    length = packet[1];
    radio_close();
    program_exit(0);
}
