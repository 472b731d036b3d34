/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/bugs/parts/spim_device.h"

enum { SCK_PIN = 3, MOSI_PIN = 4, MISO_PIN = 28 };

void spim_open(void)
{
    NRF_SPIM0->PSEL_SCK = SCK_PIN;
    NRF_SPIM0->PSEL_MOSI = MOSI_PIN;
    NRF_SPIM0->PSEL_MISO = MISO_PIN;
    NRF_SPIM0->FREQUENCY = SPIM_1_MBIT;
    NRF_SPIM0->ENABLE = SPIM_ENABLED;
}

void spim_start(const void *sent, uint32_t sent_size, void *received, uint32_t received_size)
{
    NRF_SPIM0->EVENTS_END = 0;
    NRF_SPIM0->TXD_PTR = DMA_POINTER(sent);
    NRF_SPIM0->TXD_MAXCNT = sent_size;
    NRF_SPIM0->RXD_PTR = DMA_POINTER(received);
    NRF_SPIM0->RXD_MAXCNT = received_size;
    dma_start();
    NRF_SPIM0->TASKS_START = 1;
}

void spim_wait(void)
{
    while (!NRF_SPIM0->EVENTS_END)
        ;
    dma_end();
}
