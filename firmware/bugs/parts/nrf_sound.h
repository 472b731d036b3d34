/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registers of PDM and I2S laid over the memory map, and drivers without mistakes (PS v1.7, 6.15
 * and 6.10). Typed from the manual, not from driver/regs.
 */
#ifndef FIRMWARE_BUGS_PARTS_NRF_SOUND_H
#define FIRMWARE_BUGS_PARTS_NRF_SOUND_H

#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/nrf_serial.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

struct nrf_pdm {
    volatile uint32_t TASKS_START; /* 0x000 */
    volatile uint32_t TASKS_STOP;
    uint32_t reserved0[62];
    volatile uint32_t EVENTS_STARTED; /* 0x100 */
    volatile uint32_t EVENTS_STOPPED;
    volatile uint32_t EVENTS_END;
    uint32_t reserved1[253];
    volatile uint32_t ENABLE; /* 0x500 */
    volatile uint32_t PDMCLKCTRL;
    volatile uint32_t MODE;
    uint32_t reserved2[13];
    volatile uint32_t PSEL_CLK; /* 0x540 */
    volatile uint32_t PSEL_DIN;
    uint32_t reserved3[6];
    volatile uint32_t SAMPLE_PTR; /* 0x560 */
    volatile uint32_t SAMPLE_MAXCNT;
};

#define NRF_PDM ((struct nrf_pdm *)0x4001d000)

_Static_assert(offsetof(struct nrf_pdm, ENABLE) == 0x500, "as in the manual");
_Static_assert(offsetof(struct nrf_pdm, SAMPLE_MAXCNT) == 0x564, "as in the manual");

struct nrf_i2s {
    volatile uint32_t TASKS_START; /* 0x000 */
    volatile uint32_t TASKS_STOP;
    uint32_t reserved0[63];
    volatile uint32_t EVENTS_RXPTRUPD; /* 0x104 */
    volatile uint32_t EVENTS_STOPPED;
    uint32_t reserved1[2];
    volatile uint32_t EVENTS_TXPTRUPD; /* 0x114 */
    uint32_t reserved2[250];
    volatile uint32_t ENABLE; /* 0x500 */
    volatile uint32_t CONFIG_MODE;
    volatile uint32_t CONFIG_RXEN;
    volatile uint32_t CONFIG_TXEN;
    uint32_t reserved3[10];
    volatile uint32_t RXD_PTR; /* 0x538 */
    uint32_t reserved4;
    volatile uint32_t TXD_PTR; /* 0x540 */
    uint32_t reserved5[3];
    volatile uint32_t RXTXD_MAXCNT; /* 0x550 */
    uint32_t reserved6[6];
    volatile uint32_t PSEL_SDIN; /* 0x56c */
    volatile uint32_t PSEL_SDOUT;
};

#define NRF_I2S ((struct nrf_i2s *)0x40025000)

_Static_assert(offsetof(struct nrf_i2s, EVENTS_TXPTRUPD) == 0x114, "as in the manual");
_Static_assert(offsetof(struct nrf_i2s, RXTXD_MAXCNT) == 0x550, "as in the manual");

enum { PDM_CLK_PIN = 30, PDM_DIN_PIN = 31, PDM_MONO = 1, I2S_SDOUT_PIN = 28 };

/* ---- PDM ------------------------------------------------------------------------------------- */

/* Mono, 16125 samples a second, on. */
static inline void pdm_open(void)
{
    NRF_PDM->PSEL_CLK = PDM_CLK_PIN;
    NRF_PDM->PSEL_DIN = PDM_DIN_PIN;
    NRF_PDM->MODE = PDM_MONO;
    NRF_PDM->ENABLE = 1;
}

/* Describes the next buffer. */
static inline void pdm_give(int16_t *samples)
{
    NRF_PDM->SAMPLE_PTR = DMA_POINTER(samples);
}

/* Clears the events and describes the first buffer; the caller starts. */
static inline void pdm_prepare(int16_t *samples, uint32_t count)
{
    NRF_PDM->EVENTS_STARTED = 0;
    NRF_PDM->EVENTS_STOPPED = 0;
    NRF_PDM->EVENTS_END = 0;
    NRF_PDM->SAMPLE_MAXCNT = count;
    pdm_give(samples);
    dma_start();
}

/* Waits until a buffer has begun: the one before it is the program's. */
static inline void pdm_wait_started(void)
{
    while (!NRF_PDM->EVENTS_STARTED)
        ;
    NRF_PDM->EVENTS_STARTED = 0;
    dma_end();
}

static inline void pdm_wait_end(void)
{
    while (!NRF_PDM->EVENTS_END)
        ;
    NRF_PDM->EVENTS_END = 0;
    dma_end();
}

static inline void pdm_stop(void)
{
    NRF_PDM->TASKS_STOP = 1;
    while (!NRF_PDM->EVENTS_STOPPED)
        ;
    dma_end();
    NRF_PDM->ENABLE = 0;
}

/* ---- I2S, sending only ----------------------------------------------------------------------- */

static inline void i2s_open(void)
{
    NRF_I2S->PSEL_SDOUT = I2S_SDOUT_PIN;
    NRF_I2S->ENABLE = 1;
}

static inline void i2s_give(const uint32_t *words)
{
    NRF_I2S->TXD_PTR = DMA_POINTER(words);
}

/* Clears the events and starts with the first buffer. */
static inline void i2s_prepare(const uint32_t *words, uint32_t count)
{
    NRF_I2S->EVENTS_TXPTRUPD = 0;
    NRF_I2S->EVENTS_STOPPED = 0;
    NRF_I2S->RXTXD_MAXCNT = count;
    i2s_give(words);
    dma_start();
}

/* Waits until a buffer has begun: the one before it is the program's. */
static inline void i2s_wait_begun(void)
{
    while (!NRF_I2S->EVENTS_TXPTRUPD)
        ;
    NRF_I2S->EVENTS_TXPTRUPD = 0;
    dma_end();
}

static inline void i2s_stop(void)
{
    NRF_I2S->TASKS_STOP = 1;
    while (!NRF_I2S->EVENTS_STOPPED)
        ;
    dma_end();
    NRF_I2S->ENABLE = 0;
}

#endif
