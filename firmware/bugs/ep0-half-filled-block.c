/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A block from the heap, 64 bytes, of which the descriptor fills 18; what is sent is the block.
 * The host receives bytes that nobody has ever written, or a former owner has.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/heap.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

struct block {
    uint32_t used;
    uint8_t bytes[64];
};

static struct block *packet;

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    packet = malloc(sizeof *packet);
    memcpy(packet->bytes, bytes, size);
    packet->used = size;
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet->bytes);
    NRF_USBD->EPIN[0].MAXCNT = sizeof packet->bytes;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1; // expect: BUF005
}

void ep0_data_done(void)
{
    dma_end();
    errata_after_dma();
    free(packet);
}

int main(void)
{
    ep0_device_run();
}
