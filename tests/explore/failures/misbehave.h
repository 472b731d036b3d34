/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device that is well-behaved unless an interrupt comes between two instructions of its main
 * loop: then it does what the program says. The usual timing never has it there.
 */
#ifndef TESTS_EXPLORE_FAILURES_MISBEHAVE_H
#define TESTS_EXPLORE_FAILURES_MISBEHAVE_H

#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/masked.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

static uint8_t packet[64];
static volatile uint32_t interrupts;
static volatile uint32_t changed; /* this byte of the next packets, from 1; 0: none */
static volatile uint32_t silent;  /* so many of the next packets are not sent */

/* What the program does when the interrupt came there. */
static void misbehave(void);

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    if (silent) {
        silent--;
        return;
    }
    memcpy(packet, bytes, size);
    if (changed && changed <= size)
        packet[changed - 1] ^= 1;
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
    while (!NRF_USBD->EVENTS_ENDEPIN[0])
        ;
    dma_end();
    errata_after_dma();
}

void ep0_data_done(void)
{
}

void usbd_handler(void)
{
    interrupts++;
    ep0_device_poll();
}

int main(void)
{
    ep0_device_start(0);
    nvic_enable(USBD_IRQ);
    for (;;) {
        uint32_t before;

        wait_for_interrupt();
        before = interrupts;
        if (before != interrupts) /* one came between the two loads */
            misbehave();
    }
}

#endif
