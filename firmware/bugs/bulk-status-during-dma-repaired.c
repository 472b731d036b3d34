/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulk-status-during-dma, repaired: the status stage is allowed when EasyDMA is done.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

enum { REQUEST_SEND_REPORT = 1 };

static uint8_t report[BULK_PACKET];

static void start_report(void)
{
    NRF_USBD->EVENTS_ENDEPIN[1] = 0;
    NRF_USBD->EPIN[1].PTR = DMA_ADDRESS(report);
    NRF_USBD->EPIN[1].MAXCNT = sizeof report;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[1] = 1;
}

static void finish_report(void)
{
    while (!NRF_USBD->EVENTS_ENDEPIN[1])
        ;
    dma_end();
    errata_after_dma();
}

bool bulk_vendor(const struct usbd_setup *setup)
{
    if (setup->request != REQUEST_SEND_REPORT)
        return false;
    start_report();
    finish_report();
    NRF_USBD->TASKS_EP0STATUS = 1;
    return true;
}

int main(void)
{
    bulk_device_start();
    for (;;)
        (void)bulk_device_wait();
}
