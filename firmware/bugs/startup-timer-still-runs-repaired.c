/* SPDX-License-Identifier: Apache-2.0 */
/*
 * startup-timer-still-runs, repaired: the timer is stopped first.
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

/* TIMER1, as the vendor's headers have it. */
#define TIMER1_TASKS_START (*(volatile uint32_t *)0x40009000)
#define TIMER1_TASKS_STOP (*(volatile uint32_t *)0x40009004)
#define TIMER1_PRESCALER (*(volatile uint32_t *)0x40009510)

/* What a boot loader may leave behind: its time-out, still counting. */
static void boot_loader(void)
{
    TIMER1_TASKS_START = 1;
}

int main(void)
{
    boot_loader();
    TIMER1_TASKS_STOP = 1;
    TIMER1_PRESCALER = 0;
    TIMER1_TASKS_START = 1;
    ep0_device_run();
}
