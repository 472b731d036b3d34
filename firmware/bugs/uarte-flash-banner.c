/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A banner that is a constant is handed to EasyDMA. Constants are in flash, which EasyDMA cannot
 * read: zeros go out. After zephyrproject-rtos/zephyr#40838 (transmission from read-only memory)
 * and nrf-rs/nrf-hal#37 (a static string).
 */
#include "firmware/bugs/parts/uarte_device.h"

static const char banner[] = "fencepost 1\n";

int main(void)
{
    uarte_open();
    NRF_UARTE0->EVENTS_ENDTX = 0;
    NRF_UARTE0->TXD_PTR = DMA_POINTER(banner);
    NRF_UARTE0->TXD_MAXCNT = sizeof banner - 1;
    dma_start();
    NRF_UARTE0->TASKS_STARTTX = 1; // expect: BUF001
    uarte_wait_sent();
    program_exit(0);
}
