/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The driver counts ENDEPIN as "sent" and starts the next of two packets at once. The endpoint
 * has one buffer: the first packet is gone unless the host was quick. After
 * ARMmbed/mbed-os#7674, where data that was armed earlier goes out in the wrong place.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t report[2][BULK_PACKET];

static void send(const uint8_t *packet)
{
    NRF_USBD->EVENTS_ENDEPIN[1] = 0;
    NRF_USBD->EPIN[1].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[1].MAXCNT = BULK_PACKET;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[1] = 1; // expect: PER007
    while (!NRF_USBD->EVENTS_ENDEPIN[1])
        ;
    dma_end();
    errata_after_dma();
}

int main(void)
{
    unsigned sent = 0;

    bulk_device_start();
    for (;;) {
        uint32_t news = bulk_device_wait();

        if (!bulk_device_configured())
            continue;
        (void)news;
        for (; sent < 2; sent++)
            send(report[sent]);
    }
}
