/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulk-nobody-was-reading, repaired: remembered until somebody reads.
 */
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/masked.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

static uint8_t received[BULK_PACKET];
static volatile uint32_t bytes;
static bool held;
static bool wanted;

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

static void read_if_wanted(void)
{
    if (!held || !wanted)
        return;
    held = false;
    bytes += bulk_fetch(1, received);
}

/* "Read now." */
bool bulk_vendor(const struct usbd_setup *setup)
{
    if (setup->request != 1)
        return false;
    wanted = true;
    read_if_wanted();
    return usbd_accept_request() == USBD_OK;
}

int main(void)
{
    bulk_device_start();
    for (;;) {
        if (!(wait_for_news() & BULK_OUT(1)))
            continue;
        NRF_USBD->EPDATASTATUS = BULK_OUT(1);
        held = true;
        read_if_wanted();
    }
}
