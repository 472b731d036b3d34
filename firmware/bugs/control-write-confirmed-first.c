/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A control write is confirmed as soon as it is announced, and its data read afterwards. The
 * host is told that all is well before anybody has seen a byte.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

enum { WRITE_SETTINGS = 1 };

static uint8_t settings[64];
static uint32_t expected;
static uint32_t received;

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

static void fetch(void)
{
    uint32_t size = NRF_USBD->SIZE_EPOUT[0];

    NRF_USBD->EVENTS_ENDEPOUT[0] = 0;
    NRF_USBD->EPOUT[0].PTR = DMA_ADDRESS(settings);
    NRF_USBD->EPOUT[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPOUT[0] = 1;
    while (!NRF_USBD->EVENTS_ENDEPOUT[0])
        ;
    dma_end();
    errata_after_dma();
    received += size;
}

/* Not inlined: its stores would be merged with those of others, which have other lines. */
__attribute__((noinline)) bool ep0_vendor(const struct usbd_setup *setup)
{
    if (setup->request_type != 0x40 || setup->request != WRITE_SETTINGS)
        return false;
    expected = setup->length;
    received = 0;
    NRF_USBD->TASKS_EP0RCVOUT = 1;
    NRF_USBD->TASKS_EP0STATUS = 1; // expect: USB004
    return true;
}

void ep0_data_done(void)
{
    dma_end();
    errata_after_dma();
    if (!expected)
        return;
    fetch();
    if (received < expected) {
        NRF_USBD->TASKS_EP0RCVOUT = 1;
        return;
    }
    expected = 0;
}

int main(void)
{
    ep0_device_run();
}
