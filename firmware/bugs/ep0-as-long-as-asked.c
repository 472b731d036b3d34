/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host says how much it wants to have, and that is what it gets: as many bytes as wLength,
 * whatever the answer's size. It usually asks for 64, or 255. The reverse of
 * zephyrproject-rtos/zephyr PR#12358, where an answer overflows the buffer.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "driver/usbd.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

static uint8_t answer[18];

/* Descriptors only, the host reads nothing else of this device. */
static uint32_t answer_length(uint32_t size)
{
    uint32_t asked = NRF_USBD->WLENGTHL | NRF_USBD->WLENGTHH << 8;

    (void)size;
    return asked < 64 ? asked : 64;
}

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    memcpy(answer, bytes, size);
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(answer);
    NRF_USBD->EPIN[0].MAXCNT = answer_length(size); // may: BUF005 BUF006
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1; // expect: BUF002
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
