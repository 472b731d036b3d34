/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A report with a checksum at its end, computed while EasyDMA is fetching the front: by the
 * time the engine gets there, the sum is in place. On a good day. The report is filled field by
 * field, as one does.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

struct report {
    uint8_t kind;
    uint8_t sequence;
    uint8_t data[60];
    uint16_t sum;
};

static struct report report;

static uint16_t sum_of(const struct report *from)
{
    uint16_t sum = from->kind;

    for (unsigned i = 0; i < sizeof from->data; i++)
        sum = (uint16_t)(sum + from->data[i]);
    return sum;
}

static void send_report(void)
{
    report.kind = 1;
    report.sequence++;
    report.data[0] = report.sequence;
    NRF_USBD->EVENTS_ENDEPIN[1] = 0;
    NRF_USBD->EPIN[1].PTR = DMA_ADDRESS(&report);
    NRF_USBD->EPIN[1].MAXCNT = sizeof report;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[1] = 1;
    report.sum = sum_of(&report); // expect: DMA001
    while (!NRF_USBD->EVENTS_ENDEPIN[1])
        ;
    dma_end();
    errata_after_dma();
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
