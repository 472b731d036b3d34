/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A beacon counts its packets in the payload. The count is written behind START: it goes out in
 * this packet, in the next, or in no packet as a whole. After jonas-schievink/rubble#67, where the
 * payload was handed out for writing during the transmission.
 */
#include "firmware/bugs/parts/nrf_radio.h"

static uint8_t packet[RADIO_HEADER + 8] = {0x42, 8};

static void write_count(uint32_t count)
{
    for (unsigned i = 0; i < 4; i++)
        packet[RADIO_HEADER + i] = (uint8_t)(count >> 8 * i); // expect: DMA001
}

int main(void)
{
    radio_open();
    radio_ramp_up(&NRF_RADIO->TASKS_TXEN);
    for (uint32_t count = 1; count < 4; count++) {
        radio_start(packet);
        write_count(count);
        radio_wait();
    }
    radio_close();
    program_exit(0);
}
