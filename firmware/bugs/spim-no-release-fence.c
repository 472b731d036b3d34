/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A frame is filled with plain stores and started with a volatile one: nothing orders the two.
 * After nrf-rs/nrf-hal#33, where the compiler moves stores to a buffer across the start of SPIM and
 * TWIM.
 */
#include "firmware/bugs/parts/spim_device.h"

static uint8_t frame[4];

int main(void)
{
    spim_open();
    NRF_SPIM0->EVENTS_END = 0;
    NRF_SPIM0->TXD_PTR = DMA_POINTER(frame);
    NRF_SPIM0->TXD_MAXCNT = sizeof frame;
    NRF_SPIM0->RXD_MAXCNT = 0;
    for (unsigned i = 0; i < sizeof frame; i++)
        ((volatile uint8_t *)frame)[i] = (uint8_t)(0x10 + i);
    NRF_SPIM0->TASKS_START = 1; // expect: FEN001
    spim_wait();
    program_exit(0);
}
