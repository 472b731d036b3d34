/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Behind each packet of a control write the shortcut lets the next one in, and the code does so
 * too when it is done. Whatever came between is replaced before it was fetched. Endpoint 0's
 * form of what hathach/tinyusb#733 repaired for bulk endpoints.
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

static void wait_for_packet(void)
{
    while (!NRF_USBD->EVENTS_EP0DATADONE)
        ;
    NRF_USBD->EVENTS_EP0DATADONE = 0;
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

/* All packets of a data stage, one after the other. */
static void receive(void)
{
    NRF_USBD->SHORTS = 1 << 4; /* ENDEPOUT0_EP0RCVOUT */
    while (received < expected) {
        if (received + 64 >= expected)
            NRF_USBD->SHORTS = 0; /* the last one */
        fetch();
        if (received >= expected)
            break;
        wait_for_packet();
        NRF_USBD->TASKS_EP0RCVOUT = 1; // expect: PER008
    }
    expected = 0;
    NRF_USBD->TASKS_EP0STATUS = 1;
}

bool ep0_vendor(const struct usbd_setup *setup)
{
    if (setup->request_type != 0x40 || setup->request != WRITE_SETTINGS)
        return false;
    expected = setup->length;
    received = 0;
    NRF_USBD->TASKS_EP0RCVOUT = 1;
    return true;
}

void ep0_data_done(void)
{
    dma_end();
    errata_after_dma();
    if (expected)
        receive();
}

int main(void)
{
    ep0_device_run();
}
