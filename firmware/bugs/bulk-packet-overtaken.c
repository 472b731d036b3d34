/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A new report is started although the host has not fetched the last one: ENDEPIN gives the
 * buffer in RAM back, not the one in the endpoint. The first report is lost. After apache/nuttx
 * PR#19719, where the next packet is armed before the host read the previous one.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t report[BULK_PACKET];

bool bulk_vendor(const struct usbd_setup *setup)
{
    if (setup->request != 1)
        return false;
    NRF_USBD->EVENTS_ENDEPIN[1] = 0;
    NRF_USBD->EPIN[1].PTR = DMA_ADDRESS(report);
    NRF_USBD->EPIN[1].MAXCNT = sizeof report;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[1] = 1; // expect: PER007
    while (!NRF_USBD->EVENTS_ENDEPIN[1])
        ;
    dma_end();
    errata_after_dma();
    NRF_USBD->TASKS_EP0STATUS = 1;
    return true;
}

int main(void)
{
    bulk_device_start();
    for (;;) {
        uint32_t news = bulk_device_wait();

        (void)news;
    }
}
