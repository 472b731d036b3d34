/* SPDX-License-Identifier: Apache-2.0 */
// undocumented: odd-bytes:spoils
/*
 * ep0-off-after-odd-bytes, repaired: one byte more makes the sum even.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

/* Of all transfers since ENABLE = 1. */
static uint32_t sum;

/* Makes an odd sum even: one byte for endpoint 0, which nobody will fetch any more. */
static void even_out(void)
{
    static uint8_t byte;

    if (sum % 2 == 0)
        return;
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(&byte);
    NRF_USBD->EPIN[0].MAXCNT = 1;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
    while (!NRF_USBD->EVENTS_ENDEPIN[0])
        ;
    dma_end();
    errata_after_dma();
}

static uint8_t packet[64];

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    memcpy(packet, bytes, size);
    sum += size;
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

/* When the host has its status. */
static void switch_off(void)
{
    uint32_t frame = NRF_USBD->FRAMECNTR;

    while ((NRF_USBD->FRAMECNTR - frame) % 2048 < 3)
        ;
    NRF_USBD->USBPULLUP = 0;
    even_out();
    NRF_USBD->ENABLE = 0;
    program_exit(0);
}

bool ep0_vendor(const struct usbd_setup *setup)
{
    if (setup->request_type != 0x40 || setup->request != 1)
        return false;
    ep0_accept();
    switch_off();
    return true;
}

int main(void)
{
    ep0_device_run();
}
