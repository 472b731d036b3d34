/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ep0-copied-the-pointer, repaired: the bytes are copied.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

struct slice {
    const uint8_t *bytes;
    uint32_t size;
};

static struct slice to_ram(struct slice source)
{
    static uint8_t in_ram[64];

    memcpy(in_ram, source.bytes, source.size);
    return (struct slice){in_ram, source.size};
}

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    struct slice packet = to_ram((struct slice){bytes, size});

    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet.bytes);
    NRF_USBD->EPIN[0].MAXCNT = packet.size;
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
