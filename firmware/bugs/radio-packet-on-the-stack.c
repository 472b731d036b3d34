/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A packet is put together on the stack and its sending started; the function returns, the radio
 * goes on reading where the next function has its variables. After ARMmbed/DAPLink#1046, the same
 * of SAADC.
 */
#include "firmware/bugs/parts/nrf_radio.h"

static __attribute__((noinline)) void send_value(uint8_t value)
{
    uint8_t packet[RADIO_HEADER + 8] = {0x42, 8}; // may: DMA001 FEN002 BUF002

    for (unsigned i = 0; i < 8; i++)
        packet[RADIO_HEADER + i] = (uint8_t)(value + i);
    NRF_RADIO->EVENTS_END = 0;
    NRF_RADIO->PACKETPTR = DMA_POINTER(packet);
    dma_start();
    NRF_RADIO->TASKS_START = 1; // expect: BUF003
}

static __attribute__((noinline)) unsigned work(unsigned depth)
{
    volatile unsigned numbers[16];

    for (unsigned i = 0; i < 16; i++)
        numbers[i] = depth + i;
    return numbers[depth % 16];
}

int main(void)
{
    radio_open();
    radio_ramp_up(&NRF_RADIO->TASKS_TXEN);
    send_value(42);
    (void)work(3);
    radio_wait();
    radio_close();
    program_exit(0);
}
