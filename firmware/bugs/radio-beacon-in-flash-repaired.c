/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of radio-beacon-in-flash.c: the beacon is in RAM. */
#include "firmware/bugs/parts/nrf_radio.h"

static uint8_t beacon[RADIO_HEADER + 4] = {0x42, 4, 'h', 'e', 'r', 'e'};

int main(void)
{
    radio_open();
    radio_ramp_up(&NRF_RADIO->TASKS_TXEN);
    NRF_RADIO->EVENTS_END = 0;
    NRF_RADIO->PACKETPTR = DMA_POINTER(beacon);
    dma_start();
    NRF_RADIO->TASKS_START = 1;
    radio_wait();
    radio_close();
    program_exit(0);
}
