/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Endpoint 0, correct in an unusual style: the end of EasyDMA is waited for, not that of the
 * packet, and from then on the buffer is used for something else; long answers go straight from the
 * structure they are in, in pieces that end wherever 64 bytes are over.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static struct __attribute__((packed)) {
    uint8_t name[30];
    uint8_t values[32];
    uint32_t checksum; /* lies on both sides of the 64th byte */
    uint8_t more[30];
} information;

static uint8_t answer[64];
static uint32_t left; /* bytes of `information` that are still to be sent */

static void start(const void *bytes, uint32_t size)
{
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(bytes);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
    while (!NRF_USBD->EVENTS_ENDEPIN[0])
        ;
    dma_end();
    errata_after_dma();
}

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    memcpy(answer, bytes, size);
    start(answer, size);
    for (unsigned i = 0; i < sizeof answer; i++)
        answer[i] = 0; /* the packet is in the endpoint; the host has not fetched it yet */
}

static void send_piece(void)
{
    uint32_t done = sizeof information - left;
    uint32_t size = left < 64 ? left : 64;

    left -= size;
    NRF_USBD->SHORTS = left ? 0 : 1u << 2; /* EP0DATADONE_EP0STATUS */
    start((const uint8_t *)&information + done, size);
}

bool ep0_vendor(const struct usbd_setup *setup)
{
    if (setup->request_type != 0xc0 || setup->length < sizeof information)
        return false;
    left = sizeof information;
    send_piece();
    return true;
}

void ep0_data_done(void)
{
    if (left)
        send_piece();
}

int main(void)
{
    for (unsigned i = 0; i < sizeof information.name; i++)
        information.name[i] = information.values[i] = information.more[i] = (uint8_t)i;
    information.checksum = 0x01020304;
    ep0_device_run();
}
