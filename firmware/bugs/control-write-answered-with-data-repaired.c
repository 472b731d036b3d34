/* SPDX-License-Identifier: Apache-2.0 */
/*
 * control-write-answered-with-data, repaired: the status stage says how it went.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

enum { SET_MODE = 1 };

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

void ep0_data_done(void)
{
    dma_end();
    errata_after_dma();
}

bool ep0_vendor(const struct usbd_setup *setup)
{
    if (setup->request_type != 0x40 || setup->request != SET_MODE)
        return false;
    ep0_accept();
    return true;
}

int main(void)
{
    ep0_device_run();
}
