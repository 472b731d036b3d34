/* SPDX-License-Identifier: Apache-2.0 */
/* size-read-during-dma, repaired: the interrupt is kept out while EasyDMA works for the report. */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/masked.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

static uint8_t packet[64];
static uint8_t report[64];
static volatile bool wanted;
static volatile uint32_t waiting;

static void start(unsigned endpoint, const uint8_t *bytes, uint32_t size)
{
    NRF_USBD->EVENTS_ENDEPIN[endpoint] = 0;
    NRF_USBD->EPIN[endpoint].PTR = DMA_ADDRESS(bytes);
    NRF_USBD->EPIN[endpoint].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[endpoint] = 1;
    while (!NRF_USBD->EVENTS_ENDEPIN[endpoint])
        ;
    dma_end();
    errata_after_dma();
}

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    NRF_USBD->SHORTS = 0; /* the status stage is allowed when EasyDMA is free: below */
    memcpy(packet, bytes, size);
    start(0, packet, size);
}

void ep0_data_done(void)
{
    static unsigned answers;

    ep0_accept();
    if (++answers == 2)
        wanted = true; /* a report to go with it */
}

void usbd_handler(void)
{
    waiting = NRF_USBD->SIZE_EPOUT[1];
    ep0_device_poll();
}

static void send_report(void)
{
    interrupts_disable();
    start(1, report, sizeof report);
    interrupts_enable();
}

/* What is reported takes a while to collect. */
static void collect(void)
{
    for (unsigned round = 0; round < 60; round++) {
        for (unsigned i = 0; i < sizeof report; i++)
            report[i] = (uint8_t)(report[i] * 3 + i);
    }
}

int main(void)
{
    bool sent = false;

    ep0_device_start(0);
    nvic_enable(USBD_IRQ);
    for (;;) {
        wait_for_interrupt();
        if (!wanted || sent)
            continue;
        sent = true;
        collect();
        send_report();
    }
}
