/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulk-packet-freed-and-sent-again, repaired: the descriptor is written for every transfer.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/heap.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

enum { REPORT = 16 };

static uint8_t *report;

static void start(const uint8_t *bytes, uint32_t size)
{
    NRF_USBD->EVENTS_ENDEPIN[1] = 0;
    NRF_USBD->EPIN[1].PTR = DMA_ADDRESS(bytes);
    NRF_USBD->EPIN[1].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[1] = 1;
    while (!NRF_USBD->EVENTS_ENDEPIN[1])
        ;
    dma_end();
    errata_after_dma();
}

static void send_report(void)
{
    report = malloc(REPORT);
    for (unsigned i = 0; i < REPORT; i++)
        report[i] = (uint8_t)(0x20 + i);
    start(report, REPORT);
}

static void on_sent(void)
{
    if (!report)
        return;
    free(report);
    report = NULL;
    start(NULL, 0);
}

int main(void)
{
    bool sending = false;

    bulk_device_start();
    for (;;) {
        uint32_t news = bulk_device_wait();

        if (bulk_device_configured() && !sending) {
            sending = true;
            send_report();
        }
        if (news & BULK_IN(1))
            on_sent();
    }
}
