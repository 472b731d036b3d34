/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line is put together on the stack and its sending started; the function returns. After
 * embassy-rs/embassy PR#2502 and nrf-rs/nrf-hal commit 0e01992, where a buffer dies or moves under
 * a transfer of a UART.
 */
#include "firmware/bugs/parts/uarte_device.h"

static __attribute__((noinline)) void send_value(unsigned value)
{
    uint8_t line[12]; // may: DMA001 FEN002

    memcpy(line, "value: 00\n", 10);
    line[7] = (uint8_t)('0' + value / 10 % 10);
    line[8] = (uint8_t)('0' + value % 10);
    NRF_UARTE0->EVENTS_ENDTX = 0;
    NRF_UARTE0->TXD_PTR = DMA_POINTER(line);
    NRF_UARTE0->TXD_MAXCNT = 10;
    dma_start();
    NRF_UARTE0->TASKS_STARTTX = 1; // expect: BUF003
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
    uarte_open();
    send_value(42);
    (void)work(3);
    uarte_wait_sent();
    program_exit(0);
}
