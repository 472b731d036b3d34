/* SPDX-License-Identifier: Apache-2.0 */
/* QSPI's registers laid over the memory map, and a driver without mistakes (PS v1.7, 6.19). */
#ifndef FIRMWARE_BUGS_PARTS_NRF_QSPI_H
#define FIRMWARE_BUGS_PARTS_NRF_QSPI_H

#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/nrf_serial.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

struct nrf_qspi {
    volatile uint32_t TASKS_ACTIVATE; /* 0x000 */
    volatile uint32_t TASKS_READSTART;
    volatile uint32_t TASKS_WRITESTART;
    volatile uint32_t TASKS_ERASESTART;
    volatile uint32_t TASKS_DEACTIVATE;
    uint32_t reserved0[59];
    volatile uint32_t EVENTS_READY; /* 0x100 */
    uint32_t reserved1[255];
    volatile uint32_t ENABLE; /* 0x500 */
    volatile uint32_t READ_SRC;
    volatile uint32_t READ_DST;
    volatile uint32_t READ_CNT;
    uint32_t reserved2[5];
    volatile uint32_t PSEL_SCK; /* 0x524 */
    volatile uint32_t PSEL_CSN;
    uint32_t reserved3;
    volatile uint32_t PSEL_IO[4]; /* 0x530 */
};

#define NRF_QSPI ((struct nrf_qspi *)0x40029000)

_Static_assert(offsetof(struct nrf_qspi, ENABLE) == 0x500, "as in the manual");
_Static_assert(offsetof(struct nrf_qspi, PSEL_SCK) == 0x524, "as in the manual");
_Static_assert(offsetof(struct nrf_qspi, PSEL_IO) == 0x530, "as in the manual");

/* The pins of the development kit, on and active. */
static inline void qspi_open(void)
{
    NRF_QSPI->PSEL_SCK = 19;
    NRF_QSPI->PSEL_CSN = 17;
    for (unsigned i = 0; i < 4; i++)
        NRF_QSPI->PSEL_IO[i] = 20 + i;
    NRF_QSPI->ENABLE = 1;
    NRF_QSPI->EVENTS_READY = 0;
    NRF_QSPI->TASKS_ACTIVATE = 1;
    while (!NRF_QSPI->EVENTS_READY)
        ;
}

/* Starts to read `size` bytes, a multiple of 4. */
static inline void qspi_read(uint32_t address, void *bytes, uint32_t size)
{
    NRF_QSPI->EVENTS_READY = 0;
    NRF_QSPI->READ_SRC = address;
    NRF_QSPI->READ_DST = DMA_POINTER(bytes);
    NRF_QSPI->READ_CNT = size;
    dma_start();
    NRF_QSPI->TASKS_READSTART = 1;
}

static inline void qspi_wait(void)
{
    while (!NRF_QSPI->EVENTS_READY)
        ;
    dma_end();
}

#endif
