/* SPDX-License-Identifier: Apache-2.0 */
/*
 * startup-tick-slowed-down, repaired: the counter is stopped meanwhile, and given time to stop.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t packet[64];

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    memcpy(packet, bytes, size);
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
}

void ep0_data_done(void)
{
    dma_end();
    errata_after_dma();
}

/* CLOCK and RTC2, as the vendor's headers have them. */
#define CLOCK_TASKS_LFCLKSTART (*(volatile uint32_t *)0x40000008)
#define CLOCK_EVENTS_LFCLKSTARTED (*(volatile uint32_t *)0x40000104)
#define RTC2_TASKS_START (*(volatile uint32_t *)0x40024000)
#define RTC2_TASKS_STOP (*(volatile uint32_t *)0x40024004)
#define RTC2_COUNTER (*(volatile uint32_t *)0x40024504)
#define RTC2_PRESCALER (*(volatile uint32_t *)0x40024508)

static void start_ticks(void)
{
    CLOCK_TASKS_LFCLKSTART = 1;
    while (!CLOCK_EVENTS_LFCLKSTARTED) {
    }
    RTC2_TASKS_START = 1;
    while (!RTC2_COUNTER) {
    }
}

/* From 32768 ticks a second to 1024. */
static void slow_down(void)
{
    RTC2_TASKS_STOP = 1;
    for (uint32_t last = ~RTC2_COUNTER; last != RTC2_COUNTER;) {
        last = RTC2_COUNTER;
        for (volatile unsigned wait = 0; wait < 2000; wait++) {
        }
    }
    RTC2_PRESCALER = 31;
    RTC2_TASKS_START = 1;
}

int main(void)
{
    start_ticks();
    slow_down();
    ep0_device_run();
}
