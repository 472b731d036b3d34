/* SPDX-License-Identifier: Apache-2.0 */
/* SAADC's registers laid over the memory map, and a driver without mistakes (PS v1.7, 6.23). */
#ifndef FIRMWARE_BUGS_PARTS_NRF_SAADC_H
#define FIRMWARE_BUGS_PARTS_NRF_SAADC_H

#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/nrf_serial.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

struct nrf_saadc {
    volatile uint32_t TASKS_START; /* 0x000 */
    volatile uint32_t TASKS_SAMPLE;
    volatile uint32_t TASKS_STOP;
    volatile uint32_t TASKS_CALIBRATEOFFSET;
    uint32_t reserved0[60];
    volatile uint32_t EVENTS_STARTED; /* 0x100 */
    volatile uint32_t EVENTS_END;
    volatile uint32_t EVENTS_DONE;
    volatile uint32_t EVENTS_RESULTDONE;
    volatile uint32_t EVENTS_CALIBRATEDONE;
    volatile uint32_t EVENTS_STOPPED; /* 0x114 */
    uint32_t reserved1[250];
    volatile uint32_t ENABLE; /* 0x500 */
    uint32_t reserved2[3];
    struct {
        volatile uint32_t PSELP; /* 0x510 */
        volatile uint32_t PSELN;
        volatile uint32_t CONFIG;
        volatile uint32_t LIMIT;
    } CH[8];
    uint32_t reserved3[24];
    volatile uint32_t RESOLUTION; /* 0x5f0 */
    volatile uint32_t OVERSAMPLE;
    volatile uint32_t SAMPLERATE;
    uint32_t reserved4[12];
    volatile uint32_t RESULT_PTR; /* 0x62c */
    volatile uint32_t RESULT_MAXCNT;
    volatile uint32_t RESULT_AMOUNT;
};

#define NRF_SAADC ((struct nrf_saadc *)0x40007000)

_Static_assert(offsetof(struct nrf_saadc, ENABLE) == 0x500, "as in the manual");
_Static_assert(offsetof(struct nrf_saadc, RESOLUTION) == 0x5f0, "as in the manual");
_Static_assert(offsetof(struct nrf_saadc, RESULT_AMOUNT) == 0x634, "as in the manual");

enum { SAADC_AIN0 = 1, SAADC_CONTINUOUS_10_KHZ = 1 << 12 | 1600 };

/* AIN0, ten bits, on. */
static inline void saadc_open(void)
{
    NRF_SAADC->ENABLE = 1;
    NRF_SAADC->CH[0].PSELP = SAADC_AIN0;
}

/* Clears the events, starts into `results`, waits for STARTED. */
static inline void saadc_start(volatile int16_t *results, uint32_t count)
{
    NRF_SAADC->EVENTS_STARTED = 0;
    NRF_SAADC->EVENTS_END = 0;
    NRF_SAADC->EVENTS_RESULTDONE = 0;
    NRF_SAADC->RESULT_PTR = DMA_POINTER(results);
    NRF_SAADC->RESULT_MAXCNT = count;
    dma_start();
    NRF_SAADC->TASKS_START = 1;
    while (!NRF_SAADC->EVENTS_STARTED)
        ;
}

static inline void saadc_wait(void)
{
    while (!NRF_SAADC->EVENTS_END)
        ;
    dma_end();
}

/* Stops, and waits until the buffer is the program's. */
static inline void saadc_stop(void)
{
    NRF_SAADC->EVENTS_STOPPED = 0;
    NRF_SAADC->TASKS_STOP = 1;
    while (!NRF_SAADC->EVENTS_STOPPED)
        ;
    dma_end();
}

#endif
