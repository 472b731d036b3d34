/* SPDX-License-Identifier: Apache-2.0 */
// explore: --any-answer
/*
 * ep0-tick-writes, repaired: the tick writes the time into a variable, which is copied before
 * the start.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

enum { CYCLES_PER_TICK = 320 }; /* 5 us */

static uint8_t packet[64];
static volatile uint8_t now;

static void start_ticking(void)
{
    volatile uint32_t *systick = (volatile uint32_t *)0xe000e010;

    systick[1] = CYCLES_PER_TICK - 1; /* RVR */
    systick[2] = 0;                   /* CVR */
    systick[0] = 7;                   /* CSR: core clock, interrupt, on */
}

static void stop_ticking(void)
{
    *(volatile uint32_t *)0xe000e010 = 0;
}

void systick_handler(void)
{
    now++;
}

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    memcpy(packet, bytes, size);
    if (bytes[1] == 1)
        packet[12] = now; /* bcdDevice */
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
    start_ticking();
}

void ep0_data_done(void)
{
    stop_ticking();
    dma_end();
    errata_after_dma();
}

void usbd_handler(void)
{
    ep0_device_poll();
}

int main(void)
{
    ep0_device_start(0);
    nvic_enable(USBD_IRQ);
    for (;;)
        wait_for_interrupt();
}
