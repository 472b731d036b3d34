/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nobody clears ENDEPIN: from the second packet on the event of the one before is still set,
 * the wait is over at once, and the buffer is filled again. After the RIOT driver for USBD,
 * which clears its end events behind a transfer only, and embassy-rs/embassy#768, where an
 * event left over is taken for the current one.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/descriptors.h"
#include "firmware/common/startup.h"

static uint8_t packet[64];
static const uint8_t *prepared;

static void prepare_next(void)
{
    memcpy(packet, configuration_descriptor, CONFIGURATION_SIZE); // expect: DMA001
    prepared = configuration_descriptor;
}

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    if (bytes != prepared)
        memcpy(packet, bytes, size);
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
    while (NRF_USBD->EVENTS_ENDEPIN[0] == 0) // expect: PER011
        ;
    dma_end();
    prepare_next();
}

void ep0_data_done(void)
{
    errata_after_dma();
}

int main(void)
{
    ep0_device_run();
}
