/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record is made on the stack, field by field, and sent as it is in memory: the padding between
 * its fields goes out too, with what was there before. After zephyrproject-rtos/zephyr#6655, where
 * such bytes reach a USB host.
 */
#include "firmware/bugs/parts/uarte_device.h"

struct record {
    uint8_t kind;
    uint32_t value;
};

static __attribute__((noinline)) void send(uint8_t kind, uint32_t value)
{
    struct record record;

    record.kind = kind;
    record.value = value;
    NRF_UARTE0->EVENTS_ENDTX = 0;
    NRF_UARTE0->TXD_PTR = DMA_POINTER(&record);
    NRF_UARTE0->TXD_MAXCNT = sizeof record;
    dma_start();
    NRF_UARTE0->TASKS_STARTTX = 1; // expect: BUF005
    uarte_wait_sent();
}

int main(void)
{
    uarte_open();
    send(1, 0x12345678);
    program_exit(0);
}
