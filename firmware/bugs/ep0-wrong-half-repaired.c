/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ep0-wrong-half, repaired: it is prepared in the other half.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/descriptors.h"
#include "firmware/common/startup.h"

static uint8_t half[2][64];
static unsigned current;
static const uint8_t *prepared;

static void prepare_next(void)
{
    memcpy(half[current ^ 1], configuration_descriptor, CONFIGURATION_SIZE);
    prepared = configuration_descriptor;
}

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    if (bytes != prepared)
        memcpy(half[current], bytes, size);
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(half[current]);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
    prepare_next();
}

void ep0_data_done(void)
{
    dma_end();
    errata_after_dma();
    current ^= 1;
}

int main(void)
{
    ep0_device_run();
}
