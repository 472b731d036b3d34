/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interrupt handler fetches each packet into the one buffer as soon as it has arrived; the
 * main loop may still be busy with the packet before. After tinygo-org/tinygo#1820, a receive
 * buffer that is handled while it is filled again.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/masked.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

static uint8_t received[BULK_PACKET];
static volatile uint32_t fetched; /* bytes in `received` */
static volatile bool waiting;     /* a packet is in the endpoint */
static volatile uint32_t checksum;

static void start_fetch(void)
{
    NRF_USBD->EPOUT[1].PTR = DMA_ADDRESS(received);
    NRF_USBD->EPOUT[1].MAXCNT = NRF_USBD->SIZE_EPOUT[1];
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPOUT[1] = 1;
    waiting = false;
}

void usbd_handler(void)
{
    bulk_device_endpoint0();
    if (NRF_USBD->EVENTS_ENDEPOUT[1]) {
        NRF_USBD->EVENTS_ENDEPOUT[1] = 0;
        dma_end();
        errata_after_dma();
        fetched = NRF_USBD->EPOUT[1].AMOUNT;
    }
    if (NRF_USBD->EVENTS_EPDATA) {
        NRF_USBD->EVENTS_EPDATA = 0;
        waiting = waiting || (NRF_USBD->EPDATASTATUS & BULK_OUT(1)) != 0;
        NRF_USBD->EPDATASTATUS = BULK_OUT(1);
    }
    if (waiting)
        start_fetch();
    (void)NRF_USBD->EVENTS_EPDATA;
}

/* Slow work on the packet: a checksum with many rounds. */
static void work(void)
{
    uint32_t total = 0;

    for (unsigned round = 0; round < 50; round++) {
        for (uint32_t i = 0; i < fetched; i++)
            total = total * 31 + received[i]; // expect: DMA002
    }
    checksum = total;
}

int main(void)
{
    bulk_device_start();
    NRF_USBD->INTENSET = 1 << 13; /* ENDEPOUT[1] */
    nvic_enable(USBD_IRQ);
    for (;;) {
        wait_for_interrupt();
        if (fetched == 0)
            continue;
        work();
        interrupts_disable();
        fetched = 0;
        if (waiting)
            start_fetch();
        interrupts_enable();
    }
}
