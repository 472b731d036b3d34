/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/bugs/parts/twim_device.h"

enum { SDA_PIN = 26, SCL_PIN = 27 };

void twim_open(uint8_t address)
{
    NRF_TWIM0->PSEL_SDA = SDA_PIN;
    NRF_TWIM0->PSEL_SCL = SCL_PIN;
    NRF_TWIM0->FREQUENCY = TWIM_400_KBIT;
    NRF_TWIM0->ADDRESS = address;
    NRF_TWIM0->ENABLE = TWIM_ENABLED;
}

void twim_prepare(const void *sent, uint32_t sent_size, void *received, uint32_t received_size)
{
    NRF_TWIM0->EVENTS_STOPPED = 0;
    NRF_TWIM0->EVENTS_ERROR = 0;
    NRF_TWIM0->TXD_PTR = DMA_POINTER(sent);
    NRF_TWIM0->TXD_MAXCNT = sent_size;
    NRF_TWIM0->RXD_PTR = DMA_POINTER(received);
    NRF_TWIM0->RXD_MAXCNT = received_size;
}

void twim_start(uint32_t received_size)
{
    NRF_TWIM0->SHORTS = received_size ? TWIM_LASTTX_STARTRX | TWIM_LASTRX_STOP : TWIM_LASTTX_STOP;
    dma_start();
    NRF_TWIM0->TASKS_STARTTX = 1;
}

int twim_wait(void)
{
    int refused = 0;

    while (!NRF_TWIM0->EVENTS_STOPPED) {
        if (NRF_TWIM0->EVENTS_ERROR && !refused) {
            refused = 1;
            NRF_TWIM0->TASKS_STOP = 1;
        }
    }
    dma_end();
    return !refused;
}
