/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ep0-done-cleared-late, repaired: cleared before the next packet is started.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

enum { READ_ALL = 1, PART = 64, ALL = 160 };

static uint8_t packet[PART];
static uint32_t left;

static void send_part(void)
{
    uint32_t size = left < PART ? left : PART;

    for (uint32_t i = 0; i < size; i++)
        packet[i] = (uint8_t)left;
    left -= size;
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
}

static void on_data_done(void)
{
    NRF_USBD->EVENTS_EP0DATADONE = 0;
    dma_end();
    errata_after_dma();
    if (left)
        send_part();
    else
        NRF_USBD->TASKS_EP0STATUS = 1;
}

bool ep0_vendor(const struct usbd_setup *setup)
{
    if (setup->request_type != 0xc0 || setup->request != READ_ALL)
        return false;
    left = setup->length < ALL ? setup->length : ALL;
    send_part();
    while (left) {
        if (NRF_USBD->EVENTS_EP0DATADONE)
            on_data_done();
    }
    while (!NRF_USBD->EVENTS_EP0DATADONE)
        ;
    on_data_done();
    return true;
}

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

int main(void)
{
    ep0_device_run();
}
