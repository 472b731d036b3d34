/* SPDX-License-Identifier: Apache-2.0 */
// explore: --any-answer
/*
 * bulk-padding-leaks, repaired: all of it is cleared first.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/heap.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

struct report {
    uint8_t kind; /* three bytes of padding behind it */
    uint32_t count;
    uint8_t flags; /* three more */
    uint32_t frame;
};

static uint32_t count;

static void send_report(void)
{
    struct report *report = malloc(sizeof *report);

    for (unsigned i = 0; i < sizeof *report; i++)
        ((uint8_t *)report)[i] = 0;
    report->kind = 1;
    report->count = ++count;
    report->flags = 0x80;
    report->frame = NRF_USBD->FRAMECNTR;
    NRF_USBD->EVENTS_ENDEPIN[1] = 0;
    NRF_USBD->EPIN[1].PTR = DMA_ADDRESS(report);
    NRF_USBD->EPIN[1].MAXCNT = sizeof *report;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[1] = 1;
    while (!NRF_USBD->EVENTS_ENDEPIN[1])
        ;
    dma_end();
    errata_after_dma();
    free(report);
}

int main(void)
{
    bool sent = false;

    bulk_device_start();
    for (;;) {
        uint32_t news = bulk_device_wait();

        if (bulk_device_configured() && (!sent || (news & BULK_IN(1)))) {
            sent = true;
            send_report();
        }
    }
}
