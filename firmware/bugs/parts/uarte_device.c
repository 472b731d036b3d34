/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/bugs/parts/uarte_device.h"

void uarte_open(void)
{
    NRF_UARTE0->PSEL_TXD = UARTE_TX_PIN;
    NRF_UARTE0->PSEL_RXD = UARTE_RX_PIN;
    NRF_UARTE0->BAUDRATE = UARTE_1_MBAUD;
    NRF_UARTE0->ENABLE = UARTE_ENABLED;
}

void uarte_close(void)
{
    NRF_UARTE0->EVENTS_TXSTOPPED = 0;
    NRF_UARTE0->EVENTS_RXTO = 0;
    NRF_UARTE0->TASKS_STOPTX = 1;
    NRF_UARTE0->TASKS_STOPRX = 1;
    while (!NRF_UARTE0->EVENTS_TXSTOPPED)
        ;
    while (!NRF_UARTE0->EVENTS_RXTO)
        ;
    dma_end();
    NRF_UARTE0->ENABLE = 0;
}

void uarte_start_sending(const void *bytes, uint32_t size)
{
    NRF_UARTE0->EVENTS_ENDTX = 0;
    NRF_UARTE0->TXD_PTR = DMA_POINTER(bytes);
    NRF_UARTE0->TXD_MAXCNT = size;
    dma_start();
    NRF_UARTE0->TASKS_STARTTX = 1;
}

void uarte_wait_sent(void)
{
    while (!NRF_UARTE0->EVENTS_ENDTX)
        ;
    dma_end();
}

void uarte_start_receiving(void *bytes, uint32_t size)
{
    NRF_UARTE0->EVENTS_ENDRX = 0;
    NRF_UARTE0->RXD_PTR = DMA_POINTER(bytes);
    NRF_UARTE0->RXD_MAXCNT = size;
    dma_start();
    NRF_UARTE0->TASKS_STARTRX = 1;
}

void uarte_wait_received(void)
{
    while (!NRF_UARTE0->EVENTS_ENDRX)
        ;
    dma_end();
}

void require_equal(const uint8_t *bytes, const uint8_t *expected, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        if (bytes[i] != expected[i])
            program_exit(1);
    }
}
