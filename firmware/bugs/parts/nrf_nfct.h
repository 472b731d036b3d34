/* SPDX-License-Identifier: Apache-2.0 */
/* NFCT's registers laid over the memory map, and a driver without mistakes (PS v1.7, 6.13). */
#ifndef FIRMWARE_BUGS_PARTS_NRF_NFCT_H
#define FIRMWARE_BUGS_PARTS_NRF_NFCT_H

#include "driver/fence.h"
#include "firmware/bugs/parts/nrf_serial.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

struct nrf_nfct {
    volatile uint32_t TASKS_ACTIVATE; /* 0x000 */
    volatile uint32_t TASKS_DISABLE;
    volatile uint32_t TASKS_SENSE;
    volatile uint32_t TASKS_STARTTX;
    uint32_t reserved0[3];
    volatile uint32_t TASKS_ENABLERXDATA; /* 0x01c */
    uint32_t reserved1[62];
    volatile uint32_t EVENTS_RXFRAMEEND; /* 0x118 */
    uint32_t reserved2[12];
    volatile uint32_t EVENTS_SELECTED; /* 0x14c */
    uint32_t reserved3[44];
    volatile uint32_t SHORTS; /* 0x200 */
    uint32_t reserved4[195];
    volatile uint32_t PACKETPTR; /* 0x510 */
    volatile uint32_t MAXLEN;
};

#define NRF_NFCT ((struct nrf_nfct *)0x40005000)

_Static_assert(offsetof(struct nrf_nfct, TASKS_ENABLERXDATA) == 0x01c, "as in the manual");
_Static_assert(offsetof(struct nrf_nfct, EVENTS_RXFRAMEEND) == 0x118, "as in the manual");
_Static_assert(offsetof(struct nrf_nfct, EVENTS_SELECTED) == 0x14c, "as in the manual");
_Static_assert(offsetof(struct nrf_nfct, MAXLEN) == 0x514, "as in the manual");

enum { NFCT_FIELDDETECTED_ACTIVATE = 1 };

/* Switches itself on when there is a field. */
static inline void nfct_open(void)
{
    NRF_NFCT->SHORTS = NFCT_FIELDDETECTED_ACTIVATE;
    NRF_NFCT->TASKS_SENSE = 1;
}

static inline void nfct_wait_selected(void)
{
    while (!NRF_NFCT->EVENTS_SELECTED)
        ;
}

/* The next frame goes to these bytes. */
static inline void nfct_receive(uint8_t *bytes, uint32_t size)
{
    NRF_NFCT->EVENTS_RXFRAMEEND = 0;
    NRF_NFCT->PACKETPTR = DMA_POINTER(bytes);
    NRF_NFCT->MAXLEN = size;
    dma_start();
    NRF_NFCT->TASKS_ENABLERXDATA = 1;
}

static inline void nfct_wait_received(void)
{
    while (!NRF_NFCT->EVENTS_RXFRAMEEND)
        ;
    dma_end();
}

#endif
