/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The notice of a packet is cleared with |=, which writes back the notices of all other endpoints
 * too: with traffic on two endpoints one of them is sometimes never served. After CherryUSB's
 * former port to this chip, found by reading it.
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

int main(void)
{
    bulk_device_start();
    for (;;) {
        if (!(wait_for_news() & BULK_OUT(1)))
            continue;
        NRF_USBD->EPDATASTATUS |= BULK_OUT(1); // expect: PER015
        bytes += bulk_fetch(1, received);
    }
}
