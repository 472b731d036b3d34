/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A status packet is made in a local variable and waited for, which is fine. "Send it again"
 * only starts the endpoint once more: the bytes were in a stack frame that is gone.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

enum { STATUS = 16 };

static void start(void)
{
    NRF_USBD->EVENTS_ENDEPIN[1] = 0;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[1] = 1; // expect: BUF007
    while (!NRF_USBD->EVENTS_ENDEPIN[1])
        ;
    dma_end();
    errata_after_dma();
}

__attribute__((noinline)) static void send_status(uint8_t first)
{
    uint8_t status[STATUS];

    for (unsigned i = 0; i < STATUS; i++)
        status[i] = (uint8_t)(first + i);
    NRF_USBD->EPIN[1].PTR = DMA_ADDRESS(status);
    NRF_USBD->EPIN[1].MAXCNT = STATUS;
    start();
}

int main(void)
{
    unsigned sent = 0;

    bulk_device_start();
    for (;;) {
        uint32_t news = bulk_device_wait();

        if (bulk_device_configured() && sent == 0)
            send_status((uint8_t)++sent);
        else if (news & BULK_IN(1) && sent++ == 1)
            start();
    }
}
