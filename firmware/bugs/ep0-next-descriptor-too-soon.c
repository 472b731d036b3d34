/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The descriptor of the next packet is prepared right behind the start, without waiting for
 * STARTED, which says that the present one was captured. After the reset and SETUP handling of
 * nrf-rs/nrf-hal 048e51d, which prepares descriptors while a transfer may be in flight.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t half[2][64];
static unsigned current;

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    uint32_t next = DMA_ADDRESS(half[current ^ 1]);

    memcpy(half[current], bytes, size);
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EVENTS_STARTED = 0;
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
    NRF_USBD->EPIN[0].PTR = next; // expect: PER002
    current ^= 1;
}

void ep0_data_done(void)
{
    dma_end();
    errata_after_dma();
}

int main(void)
{
    ep0_device_start(0);
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(half[current]);
    ep0_device_serve();
}
