/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulk-disabled-in-flight, repaired: it waits for the end.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

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

static void switch_off(void)
{
    start_report();
    while (!NRF_USBD->EVENTS_ENDEPIN[1])
        ;
    dma_end();
    errata_after_dma();
    NRF_USBD->USBPULLUP = 0;
    NRF_USBD->ENABLE = 0;
    program_exit(0);
}

/* Any packet to endpoint 1 means "off". */
int main(void)
{
    bulk_device_start();
    for (;;) {
        if (bulk_device_wait() & BULK_OUT(1))
            switch_off();
    }
}
