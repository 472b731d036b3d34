/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The main loop answers requests; the interrupt handler only notes that one has come. Between the
 * test of the note and WFI the interrupt may come: the loop sleeps, the host gets NAK for ever.
 */
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/ep0_packet.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

static volatile bool noted; // fails: conversation

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    ep0_packet_send(bytes, size);
}

void ep0_data_done(void)
{
    ep0_packet_done();
}

void usbd_handler(void)
{
    NRF_USBD->INTENCLR = INT_USBRESET | INT_EP0SETUP | INT_EP0DATADONE;
    (void)NRF_USBD->INTENCLR; /* has arrived before the handler returns */
    noted = true;
}

/* Keeps statistics, between two looks at the note. */
static void count(void)
{
    for (volatile unsigned round = 0; round < 300; round++)
        ;
}

int main(void)
{
    ep0_device_start(0);
    NRF_USBD->INTENCLR = 0xffffffff;
    NRF_USBD->INTENSET = INT_USBRESET | INT_EP0SETUP | INT_EP0DATADONE;
    nvic_enable(USBD_IRQ);
    for (;;) {
        if (!noted)
            wait_for_interrupt();
        noted = false;
        ep0_device_poll();
        NRF_USBD->INTENSET = INT_USBRESET | INT_EP0SETUP | INT_EP0DATADONE;
        count();
    }
}
