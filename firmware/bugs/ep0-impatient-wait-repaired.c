/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ep0-impatient-wait, repaired: a time-out that is long enough is an error and ends the
 * program; it does not return.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

enum { POLLS = 100000 };

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
    uint8_t packet[64];

    memcpy(packet, bytes, size);
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
    if (!wait_for_end())
        program_exit(1);
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
