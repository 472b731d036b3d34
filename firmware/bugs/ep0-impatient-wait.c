/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The function waits for ENDEPIN, but only for so many polls: a precaution against hanging for
 * ever. The polls are over before EasyDMA is, and the buffer's frame is popped under its feet.
 * After zephyrproject-rtos/zephyr#53158: a time-out returns while the transfer goes on.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

enum { POLLS = 3 };

static bool wait_for_end(void)
{
    for (unsigned i = 0; i < POLLS; i++) {
        if (NRF_USBD->EVENTS_ENDEPIN[0])
            return true;
    }
    return false;
}

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    uint8_t packet[64]; // may: DMA001 FEN002

    memcpy(packet, bytes, size);
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1; // expect: BUF003
    (void)wait_for_end();
    dma_end();
    errata_after_dma();
}

void ep0_data_done(void)
{
}

int main(void)
{
    ep0_device_run();
}
