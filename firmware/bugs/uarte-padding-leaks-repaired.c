/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of uarte-padding-leaks.c: the record begins as zeros. */
#include "firmware/bugs/parts/uarte_device.h"

struct record {
    uint8_t kind;
    uint8_t zero[3];
    uint32_t value;
};

static __attribute__((noinline)) void send(uint8_t kind, uint32_t value)
{
    struct record record;

    record.kind = kind;
    record.zero[0] = 0;
    record.zero[1] = 0;
    record.zero[2] = 0;
    record.value = value;
    NRF_UARTE0->EVENTS_ENDTX = 0;
    NRF_UARTE0->TXD_PTR = DMA_POINTER(&record);
    NRF_UARTE0->TXD_MAXCNT = sizeof record;
    dma_start();
    NRF_UARTE0->TASKS_STARTTX = 1;
    uarte_wait_sent();
}

int main(void)
{
    uarte_open();
    send(1, 0x12345678);
    program_exit(0);
}
