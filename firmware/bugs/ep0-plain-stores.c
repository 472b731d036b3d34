/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A descriptor that is put together by plain assignments, one by one, and no fence in sight:
 * the compiler may move each of them behind the start. After jonas-schievink/rubble#68, missing
 * fences around the transmit buffer, and nrf-rs/nrf-hal PR#34.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t packet[64];

static void copy(const uint8_t *bytes, uint32_t size) // may: DMA001
{
    packet[0] = bytes[0];
    packet[1] = bytes[1];
    for (uint32_t i = 2; i < size; i++)
        packet[i] = bytes[i];
}

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    copy(bytes, size);
    NRF_USBD->TASKS_STARTEPIN[0] = 1; // expect: FEN001
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
