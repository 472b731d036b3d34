/* SPDX-License-Identifier: Apache-2.0 */
/* notes-not-atomic, repaired: the interrupt is kept out while notes are crossed out. */
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/ep0_packet.h"
#include "firmware/bugs/parts/masked.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

#define REQUESTS (INT_USBRESET | INT_EP0SETUP | INT_EP0DATADONE)

static unsigned answers;
static volatile uint32_t notes;

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    ep0_packet_send(bytes, size);
}

void ep0_data_done(void)
{
    ep0_packet_done();
    answers++;
}

/* Which of the interrupts that are enabled have come. */
static uint32_t arrived(void)
{
    uint32_t which = 0;

    if (NRF_USBD->EVENTS_USBRESET)
        which |= INT_USBRESET;
    if (NRF_USBD->EVENTS_EP0SETUP)
        which |= INT_EP0SETUP;
    if (NRF_USBD->EVENTS_EP0DATADONE)
        which |= INT_EP0DATADONE;
    return which & NRF_USBD->INTENSET;
}

void usbd_handler(void)
{
    uint32_t which = arrived();

    NRF_USBD->INTENCLR = which;
    (void)NRF_USBD->INTENCLR; /* has arrived before the handler returns */
    notes |= which;
}

/* Writes one line to the log, when the third answer has gone; that takes a while. */
static void write_log(void)
{
    static bool written;

    if (written || answers < 3)
        return;
    written = true;
    for (volatile unsigned round = 0; round < 2000; round++)
        ;
}

int main(void)
{
    ep0_device_start(0);
    NRF_USBD->INTENCLR = 0xffffffff;
    NRF_USBD->INTENSET = REQUESTS;
    nvic_enable(USBD_IRQ);
    for (;;) {
        uint32_t which;

        interrupts_disable();
        if (!notes)
            wait_for_interrupt();
        interrupts_enable();
        which = notes;
        ep0_device_poll();
        NRF_USBD->INTENSET = which;
        write_log();
        interrupts_disable();
        notes &= ~which;
        interrupts_enable();
    }
}
