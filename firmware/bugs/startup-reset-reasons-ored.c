/* SPDX-License-Identifier: Apache-2.0 */
/*
 * At start-up the note about the reset pin is taken back, by the habit of |=. All other reasons go
 * with it, among them the watchdog's, which somebody wanted to count a few lines later.
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

/* POWER, as the vendor's headers have it. */
#define POWER_RESETREAS (*(volatile uint32_t *)0x40000400)

enum { RESETPIN = 1 << 0 };

int main(void)
{
    POWER_RESETREAS |= RESETPIN; // expect: PER015
    ep0_device_run();
}
