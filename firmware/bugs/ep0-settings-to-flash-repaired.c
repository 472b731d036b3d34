/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ep0-settings-to-flash, repaired: writing is enabled, and disabled again.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t packet[64];

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    memcpy(packet, bytes, size);
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
}

void ep0_data_done(void)
{
    dma_end();
    errata_after_dma();
}

enum { READ_ONLY = 0, WRITE = 1 };

static volatile uint32_t *const note = (volatile uint32_t *)0x000ff000; /* last page */

static void nvmc_set(uint32_t mode)
{
    volatile uint32_t *config = (volatile uint32_t *)0x4001e504;
    volatile uint32_t *ready = (volatile uint32_t *)0x4001e400;

    while (!*ready)
        ;
    *config = mode;
}

void ep0_configured(void)
{
    nvmc_set(WRITE);
    *note = 1;
    nvmc_set(READ_ONLY);
}

int main(void)
{
    ep0_device_run();
}
