/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A "copy to RAM" that copies the slice, pointer and length, and not what it points to: EasyDMA
 * still reads flash. After embassy-rs/embassy PR#640 and #651.
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
    static struct slice in_ram;

    in_ram = source;
    return in_ram;
}

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    struct slice packet = to_ram((struct slice){bytes, size});

    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet.bytes);
    NRF_USBD->EPIN[0].MAXCNT = packet.size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1; // expect: BUF001
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
