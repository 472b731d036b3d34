/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When the host has taken a report the next one is started, and then the bit that told so is
 * cleared. Should the host have taken that one too, its notice goes with it, and no report
 * follows.
 */
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/masked.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

static uint8_t report[BULK_PACKET];

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

static void send_next(void)
{
    for (unsigned i = 0; i < sizeof report; i++)
        report[i]++;
    bulk_send(1, report, sizeof report);
}

int main(void)
{
    bool sending = false;

    bulk_device_start();
    for (;;) {
        uint32_t news = wait_for_news();

        if (bulk_device_configured() && !sending) {
            sending = true;
            send_next();
        }
        if (!(news & BULK_IN(1)))
            continue;
        send_next();
        NRF_USBD->EPDATASTATUS = BULK_IN(1); // expect: PER014
    }
}
