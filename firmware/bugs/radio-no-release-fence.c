/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything is right but the fence between the last store into the packet and the store that
 * starts the radio. Registers are volatile, the packet is not: the order of the two is nobody's
 * promise. After jonas-schievink/rubble#68, where fences around the packet buffers were missing.
 */
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
    NRF_RADIO->TASKS_START = 1; // expect: FEN001
    radio_wait();
    radio_close();
    program_exit(0);
}
