/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/bugs/parts/ep0_packet.h"

#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/nrf_usbd.h"

#include <stdbool.h>

static uint8_t packet[64];
static bool sending;

void ep0_packet_done(void)
{
    if (!sending)
        return;
    while (!NRF_USBD->EVENTS_ENDEPIN[0])
        ;
    sending = false;
    dma_end();
    errata_after_dma();
}

void ep0_packet_send(const uint8_t *bytes, uint32_t size)
{
    ep0_packet_done();
    memcpy(packet, bytes, size);
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
    sending = true;
}
