/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ADDRESS is taken for "a packet has come". It says that one begins: its bytes are still on the
 * air. After nrf-rs/nrf-hal commit a03f188, where the first byte of a UART was read before the end.
 */
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
    length = packet[1]; // expect: DMA002
    radio_wait();
    radio_close();
    program_exit(0);
}
