/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A long answer is handed to EasyDMA in one piece; cutting it into packets is taken for the
 * hardware's work. The endpoint holds 64 bytes and the rest has nowhere to go. After
 * cherry-embedded/CherryUSB's port to this chip, which treats the first packet of a long
 * transfer only.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

enum { PACKET = 64, ANSWER = 96 };

static uint8_t answer[ANSWER];

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    memcpy(answer, bytes, size);
    for (uint32_t i = size; i < sizeof answer; i++)
        answer[i] = 0;
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(answer);
    NRF_USBD->EPIN[0].MAXCNT = sizeof answer;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1; // expect: BUF006 USB003
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
