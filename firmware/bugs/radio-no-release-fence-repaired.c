/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of radio-no-release-fence.c: there is a fence before START. */
#include "firmware/bugs/parts/nrf_radio.h"

static uint8_t packet[RADIO_HEADER + 8];

static void fill(uint8_t value)
{
    packet[0] = 0x42;
    packet[1] = 8;
    for (unsigned i = 0; i < 8; i++)
        packet[RADIO_HEADER + i] = (uint8_t)(value + i);
}

int main(void)
{
    radio_open();
    radio_ramp_up(&NRF_RADIO->TASKS_TXEN);
    fill(42);
    NRF_RADIO->EVENTS_END = 0;
    NRF_RADIO->PACKETPTR = DMA_POINTER(packet);
    dma_start();
    NRF_RADIO->TASKS_START = 1;
    radio_wait();
    radio_close();
    program_exit(0);
}
