/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A buffer with a header: the driver marks it "unread" when it has started the transfer, in the
 * word that the host's packet begins with. One of the two is lost.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

enum { UNREAD = 0x80, READ = 0 };

static struct {
    uint8_t packet[BULK_PACKET];
    volatile uint8_t mark;
} inbox;

static void echo(void)
{
    uint32_t size = NRF_USBD->SIZE_EPOUT[1];

    NRF_USBD->EVENTS_ENDEPOUT[1] = 0;
    NRF_USBD->EPOUT[1].PTR = DMA_ADDRESS(inbox.packet);
    NRF_USBD->EPOUT[1].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPOUT[1] = 1;
    inbox.packet[0] |= UNREAD; // expect: DMA002 DMA003
    while (!NRF_USBD->EVENTS_ENDEPOUT[1])
        ;
    dma_end();
    errata_after_dma();
    inbox.mark = READ;
    bulk_send(1, inbox.packet, size);
}

int main(void)
{
    bulk_device_start();
    for (;;) {
        if (bulk_device_wait() & BULK_OUT(1))
            echo();
    }
}
