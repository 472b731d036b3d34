/* SPDX-License-Identifier: Apache-2.0 */
/* news-taken-twice, repaired: the news is old as soon as the main loop takes it up. */
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/masked.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

static uint8_t received[BULK_PACKET];
static volatile uint32_t news;
static volatile bool arrived;

bool bulk_vendor(const struct usbd_setup *setup)
{
    return setup->length == 0 && usbd_accept_request() == USBD_OK;
}

void usbd_handler(void)
{
    uint32_t status;

    bulk_device_endpoint0();
    NRF_USBD->EVENTS_EPDATA = 0;
    status = NRF_USBD->EPDATASTATUS;
    NRF_USBD->EPDATASTATUS = status;
    news |= status;
    if (news & BULK_OUT(1))
        arrived = true;
}

static void write_log(void)
{
    for (volatile unsigned round = 0; round < 1500; round++)
        ;
}

/* Entered and left with interrupts masked. */
static void deal_with_packet(void)
{
    arrived = false;
    news &= ~BULK_OUT(1);
    (void)bulk_fetch(1, received);
    interrupts_enable();
    write_log();
    interrupts_disable();
}

int main(void)
{
    bulk_device_start();
    nvic_enable(USBD_IRQ);
    for (;;) {
        interrupts_disable();
        if (arrived)
            deal_with_packet();
        else
            wait_for_interrupt();
        interrupts_enable();
    }
}
