/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of radio-packet-on-the-stack.c: the function waits until the packet is sent. */
#include "firmware/bugs/parts/nrf_radio.h"

static __attribute__((noinline)) void send_value(uint8_t value)
{
    uint8_t packet[RADIO_HEADER + 8] = {0x42, 8};

    for (unsigned i = 0; i < 8; i++)
        packet[RADIO_HEADER + i] = (uint8_t)(value + i);
    NRF_RADIO->EVENTS_END = 0;
    NRF_RADIO->PACKETPTR = DMA_POINTER(packet);
    dma_start();
    NRF_RADIO->TASKS_START = 1;
    radio_wait();
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
    radio_close();
    program_exit(0);
}
