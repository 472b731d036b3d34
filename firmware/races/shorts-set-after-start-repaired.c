/* SPDX-License-Identifier: Apache-2.0 */
/* shorts-set-after-start, repaired: the shortcut is switched on before the start task. */
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/ep0_packet.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

/* A line for the log takes a while. */
static void write_log(void)
{
    for (volatile unsigned round = 0; round < 155; round++)
        ;
}

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    NRF_USBD->SHORTS = SHORT_EP0DATADONE_EP0STATUS;
    ep0_packet_send(bytes, size);
    write_log();
}

void ep0_data_done(void)
{
    ep0_packet_done();
}

void usbd_handler(void)
{
    ep0_device_poll();
}

int main(void)
{
    ep0_device_start(0);
    nvic_enable(USBD_IRQ);
    for (;;)
        wait_for_interrupt();
}
