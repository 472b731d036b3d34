/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of radio-counter-written-late.c: the count is written before START. */
#include "firmware/bugs/parts/nrf_radio.h"

static uint8_t packet[RADIO_HEADER + 8] = {0x42, 8};

static void write_count(uint32_t count)
{
    for (unsigned i = 0; i < 4; i++)
        packet[RADIO_HEADER + i] = (uint8_t)(count >> 8 * i);
}

int main(void)
{
    radio_open();
    radio_ramp_up(&NRF_RADIO->TASKS_TXEN);
    for (uint32_t count = 1; count < 4; count++) {
        write_count(count);
        radio_start(packet);
        radio_wait();
    }
    radio_close();
    program_exit(0);
}
