/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests are answered by the main loop. When it has answered one it writes a log entry, and only
 * then clears the note: a request that came meanwhile is forgotten. After hathach/tinyusb PR#2626,
 * where the host's next SETUP overtook the completion of the status stage.
 */
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/ep0_packet.h"
#include "firmware/bugs/parts/masked.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

static volatile bool pending; // fails: conversation

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
    pending = true;
}

static void write_log(void)
{
    for (volatile unsigned round = 0; round < 165; round++)
        ;
}

int main(void)
{
    ep0_device_start(0);
    NRF_USBD->INTENCLR = 0xffffffff;
    NRF_USBD->INTENSET = INT_USBRESET | INT_EP0SETUP | INT_EP0DATADONE;
    nvic_enable(USBD_IRQ);
    for (;;) {
        interrupts_disable();
        if (!pending)
            wait_for_interrupt();
        interrupts_enable();
        ep0_device_poll();
        NRF_USBD->INTENSET = INT_USBRESET | INT_EP0SETUP | INT_EP0DATADONE;
        write_log();
        pending = false;
    }
}
