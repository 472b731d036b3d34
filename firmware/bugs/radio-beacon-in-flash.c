/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A beacon that never changes is a constant. Constants are in flash, which EasyDMA cannot read: an
 * empty packet goes out. After nrf-rs/nrf-hal#37 (a static string) and
 * zephyrproject-rtos/zephyr#40838.
 */
#include "firmware/bugs/parts/nrf_radio.h"

static const uint8_t beacon[RADIO_HEADER + 4] = {0x42, 4, 'h', 'e', 'r', 'e'};

int main(void)
{
    radio_open();
    radio_ramp_up(&NRF_RADIO->TASKS_TXEN);
    NRF_RADIO->EVENTS_END = 0;
    NRF_RADIO->PACKETPTR = DMA_POINTER(beacon);
    dma_start();
    NRF_RADIO->TASKS_START = 1; // expect: BUF001
    radio_wait();
    radio_close();
    program_exit(0);
}
