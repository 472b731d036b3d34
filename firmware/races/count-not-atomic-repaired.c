/* SPDX-License-Identifier: Apache-2.0 */
/* count-not-atomic, repaired: the interrupt is kept out while the count is changed. */
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/ep0_packet.h"
#include "firmware/bugs/parts/masked.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

#define REQUESTS (INT_USBRESET | INT_EP0SETUP | INT_EP0DATADONE)

static unsigned answers;
static volatile uint32_t waiting;

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    ep0_packet_send(bytes, size);
}

void ep0_data_done(void)
{
    ep0_packet_done();
    answers++;
}

void usbd_handler(void)
{
    NRF_USBD->INTENCLR = REQUESTS;
    (void)NRF_USBD->INTENCLR; /* has arrived before the handler returns */
    waiting++;
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
        interrupts_disable();
        if (!waiting)
            wait_for_interrupt();
        interrupts_enable();
        if (!waiting)
            continue;
        ep0_device_poll();
        NRF_USBD->INTENSET = REQUESTS;
        write_log();
        interrupts_disable();
        waiting--;
        interrupts_enable();
    }
}
