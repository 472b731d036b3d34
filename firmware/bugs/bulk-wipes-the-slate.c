/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a packet of endpoint 1 has been dealt with, all of EPDATASTATUS is wiped, to begin
 * afresh. The work took until the next frame, and a packet has come to endpoint 2 meanwhile:
 * nobody ever hears of it.
 */
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/masked.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

static uint8_t received[BULK_PACKET];
static volatile uint32_t bytes;

/* Sleeps until an endpoint has news. */
static uint32_t wait_for_news(void)
{
    interrupts_disable();
    nvic_enable(USBD_IRQ);
    wait_for_interrupt();
    nvic_clear_pending(USBD_IRQ);
    bulk_device_endpoint0();
    if (!NRF_USBD->EVENTS_EPDATA)
        return 0;
    NRF_USBD->EVENTS_EPDATA = 0;
    return NRF_USBD->EPDATASTATUS;
}

/* Writes a log, say: until the next frame. */
static void work(void)
{
    uint32_t frame = NRF_USBD->FRAMECNTR;

    while (NRF_USBD->FRAMECNTR - frame < 2)
        ;
}

static void take(unsigned endpoint)
{
    bytes += bulk_fetch(endpoint, received);
    work();
}

int main(void)
{
    bulk_device_start();
    for (;;) {
        uint32_t news = wait_for_news();

        NRF_USBD->EPDATASTATUS = news;
        if (news & BULK_OUT(2))
            take(2);
        if (news & BULK_OUT(1))
            take(1);
        NRF_USBD->EPDATASTATUS = 0xffffffff; // expect: USB001
    }
}
