/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulk-inverted-wait, repaired: it waits while EasyDMA is busy.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t left[BULK_PACKET];
static uint8_t right[BULK_PACKET];
static unsigned busy_endpoint;

static void wait_until_free(void)
{
    unsigned endpoint = busy_endpoint;

    if (endpoint == 0)
        return;
    while (NRF_USBD->EVENTS_ENDEPIN[endpoint] == 0)
        ;
    dma_end();
    errata_after_dma();
    busy_endpoint = 0;
}

static void start_send(unsigned endpoint, const uint8_t *packet)
{
    wait_until_free();
    NRF_USBD->EVENTS_ENDEPIN[endpoint] = 0;
    NRF_USBD->EPIN[endpoint].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[endpoint].MAXCNT = BULK_PACKET;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[endpoint] = 1;
    busy_endpoint = endpoint;
}

int main(void)
{
    bool sent = false;

    bulk_device_start();
    for (;;) {
        (void)bulk_device_wait();
        if (sent || !bulk_device_configured())
            continue;
        sent = true;
        start_send(1, left);
        start_send(2, right);
        wait_until_free();
    }
}
