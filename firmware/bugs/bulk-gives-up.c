/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EasyDMA has taken longer than expected: something must be wrong, the driver thinks, and
 * switches USBD off and on again. It was only slow. After RIOT-OS/RIOT PR#19926, where a
 * power-off leaves EasyDMA running into memory that is used for other things.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

static uint8_t report[BULK_PACKET];

static bool wait_a_little(void)
{
    for (unsigned i = 0; i < 3; i++) {
        if (NRF_USBD->EVENTS_ENDEPIN[1])
            return true;
    }
    return false;
}

static void switch_off(void)
{
    NRF_USBD->ENABLE = 0; // expect: PER010
    program_exit(0);
}

static void send_report(void)
{
    NRF_USBD->EVENTS_ENDEPIN[1] = 0;
    NRF_USBD->EPIN[1].PTR = DMA_ADDRESS(report);
    NRF_USBD->EPIN[1].MAXCNT = sizeof report;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[1] = 1;
    if (!wait_a_little())
        switch_off();
    dma_end();
    errata_after_dma();
}

/* Any packet to endpoint 1 asks for a report. */
int main(void)
{
    bulk_device_start();
    for (;;) {
        if (bulk_device_wait() & BULK_OUT(1))
            send_report();
    }
}
