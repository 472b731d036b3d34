/* SPDX-License-Identifier: Apache-2.0 */
/* TWIS's registers laid over the memory map, and a driver without mistakes (PS v1.7, 6.33). */
#ifndef FIRMWARE_BUGS_PARTS_NRF_TWIS_H
#define FIRMWARE_BUGS_PARTS_NRF_TWIS_H

#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/nrf_serial.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

struct nrf_twis {
    uint32_t reserved0[5];
    volatile uint32_t TASKS_STOP; /* 0x014 */
    uint32_t reserved1;
    volatile uint32_t TASKS_SUSPEND; /* 0x01c */
    volatile uint32_t TASKS_RESUME;
    uint32_t reserved2[3];
    volatile uint32_t TASKS_PREPARERX; /* 0x030 */
    volatile uint32_t TASKS_PREPARETX;
    uint32_t reserved3[51];
    volatile uint32_t EVENTS_STOPPED; /* 0x104 */
    uint32_t reserved4[7];
    volatile uint32_t EVENTS_ERROR; /* 0x124 */
    uint32_t reserved5[15];
    volatile uint32_t EVENTS_WRITE; /* 0x164 */
    volatile uint32_t EVENTS_READ;
    uint32_t reserved6[229];
    volatile uint32_t ENABLE; /* 0x500 */
    uint32_t reserved7;
    volatile uint32_t PSEL_SCL; /* 0x508 */
    volatile uint32_t PSEL_SDA;
    uint32_t reserved8[9];
    volatile uint32_t RXD_PTR; /* 0x534 */
    volatile uint32_t RXD_MAXCNT;
    volatile uint32_t RXD_AMOUNT;
    uint32_t reserved9;
    volatile uint32_t TXD_PTR; /* 0x544 */
    volatile uint32_t TXD_MAXCNT;
    volatile uint32_t TXD_AMOUNT;
    uint32_t reserved10[14];
    volatile uint32_t ADDRESS[2]; /* 0x588 */
};

#define NRF_TWIS0 ((struct nrf_twis *)0x40003000)

_Static_assert(offsetof(struct nrf_twis, TASKS_PREPARERX) == 0x030, "as in the manual");
_Static_assert(offsetof(struct nrf_twis, EVENTS_READ) == 0x168, "as in the manual");
_Static_assert(offsetof(struct nrf_twis, ENABLE) == 0x500, "as in the manual");
_Static_assert(offsetof(struct nrf_twis, RXD_PTR) == 0x534, "as in the manual");
_Static_assert(offsetof(struct nrf_twis, ADDRESS) == 0x588, "as in the manual");

enum { TWIS_ENABLED = 9, TWIS_ADDRESS = 0x42, TWIS_SDA_PIN = 26, TWIS_SCL_PIN = 27 };

static inline void twis_open(void)
{
    NRF_TWIS0->PSEL_SCL = TWIS_SCL_PIN;
    NRF_TWIS0->PSEL_SDA = TWIS_SDA_PIN;
    NRF_TWIS0->ADDRESS[0] = TWIS_ADDRESS;
    NRF_TWIS0->ENABLE = TWIS_ENABLED;
}

static inline void twis_clear(void)
{
    NRF_TWIS0->EVENTS_STOPPED = 0;
    NRF_TWIS0->EVENTS_WRITE = 0;
    NRF_TWIS0->EVENTS_READ = 0;
}

/* Describes the answer to the next read; the caller prepares. */
static inline void twis_describe_answer(const void *answer, uint32_t size)
{
    twis_clear();
    NRF_TWIS0->TXD_PTR = DMA_POINTER(answer);
    NRF_TWIS0->TXD_MAXCNT = size;
    dma_start();
}

/* Describes the buffer of the next write; the caller prepares. */
static inline void twis_describe_command(void *command, uint32_t size)
{
    twis_clear();
    NRF_TWIS0->RXD_PTR = DMA_POINTER(command);
    NRF_TWIS0->RXD_MAXCNT = size;
    dma_start();
}

static inline void twis_wait(void)
{
    while (!NRF_TWIS0->EVENTS_STOPPED)
        ;
    dma_end();
}

#endif
