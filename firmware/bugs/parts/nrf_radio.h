/* SPDX-License-Identifier: Apache-2.0 */
/* RADIO's registers laid over the memory map, and a driver without mistakes (PS v1.7, 6.20). */
#ifndef FIRMWARE_BUGS_PARTS_NRF_RADIO_H
#define FIRMWARE_BUGS_PARTS_NRF_RADIO_H

#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/nrf_serial.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

struct nrf_radio {
    volatile uint32_t TASKS_TXEN; /* 0x000 */
    volatile uint32_t TASKS_RXEN;
    volatile uint32_t TASKS_START;
    volatile uint32_t TASKS_STOP;
    volatile uint32_t TASKS_DISABLE;
    uint32_t reserved0[59];
    volatile uint32_t EVENTS_READY; /* 0x100 */
    volatile uint32_t EVENTS_ADDRESS;
    volatile uint32_t EVENTS_PAYLOAD;
    volatile uint32_t EVENTS_END;
    volatile uint32_t EVENTS_DISABLED;
    uint32_t reserved1[5];
    volatile uint32_t EVENTS_BCMATCH; /* 0x128 */
    uint32_t reserved2[53];
    volatile uint32_t SHORTS; /* 0x200 */
    uint32_t reserved3[127];
    volatile uint32_t CRCSTATUS; /* 0x400 */
    uint32_t reserved4[64];
    volatile uint32_t PACKETPTR; /* 0x504 */
    volatile uint32_t FREQUENCY;
    volatile uint32_t TXPOWER;
    volatile uint32_t MODE;
    volatile uint32_t PCNF0;
    volatile uint32_t PCNF1;
    volatile uint32_t BASE0;
    uint32_t reserved5;
    volatile uint32_t PREFIX0; /* 0x524 */
    uint32_t reserved6;
    volatile uint32_t TXADDRESS; /* 0x52c */
    volatile uint32_t RXADDRESSES;
    volatile uint32_t CRCCNF;
    volatile uint32_t CRCPOLY;
    volatile uint32_t CRCINIT;
    uint32_t reserved7[8];
    volatile uint32_t BCC; /* 0x560 */
};

#define NRF_RADIO ((struct nrf_radio *)0x40001000)

_Static_assert(offsetof(struct nrf_radio, EVENTS_BCMATCH) == 0x128, "as in the manual");
_Static_assert(offsetof(struct nrf_radio, CRCSTATUS) == 0x400, "as in the manual");
_Static_assert(offsetof(struct nrf_radio, PACKETPTR) == 0x504, "as in the manual");
_Static_assert(offsetof(struct nrf_radio, PREFIX0) == 0x524, "as in the manual");
_Static_assert(offsetof(struct nrf_radio, BCC) == 0x560, "as in the manual");

enum {
    RADIO_HEADER = 2,   /* S0 and LENGTH */
    RADIO_PAYLOAD = 16, /* at most */
    RADIO_READY_START = 1 << 0,
    RADIO_END_DISABLE = 1 << 1,
    RADIO_END_START = 1 << 5,
    RADIO_ADDRESS_BCSTART = 1 << 6,
};

/* The crystal, and what Bluetooth advertises with on channel 37, without whitening. */
static inline void radio_open(void)
{
    volatile uint32_t *hfclkstart = (volatile uint32_t *)0x40000000;
    volatile uint32_t *hfclkstarted = (volatile uint32_t *)0x40000100;

    *hfclkstart = 1;
    while (!*hfclkstarted)
        ;
    NRF_RADIO->MODE = 3;
    NRF_RADIO->FREQUENCY = 2;
    NRF_RADIO->PCNF0 = 1 << 8 | 8;
    NRF_RADIO->PCNF1 = 3 << 16 | RADIO_PAYLOAD;
    NRF_RADIO->BASE0 = 0x89bed600;
    NRF_RADIO->PREFIX0 = 0x8e;
    NRF_RADIO->RXADDRESSES = 1;
    NRF_RADIO->CRCCNF = 1 << 8 | 3;
    NRF_RADIO->CRCPOLY = 0x65b;
    NRF_RADIO->CRCINIT = 0x555555;
}

/* Ramps up by `task`, TASKS_TXEN or TASKS_RXEN. */
static inline void radio_ramp_up(volatile uint32_t *task)
{
    NRF_RADIO->EVENTS_READY = 0;
    *task = 1;
    while (!NRF_RADIO->EVENTS_READY)
        ;
}

/* Starts to send or to receive `packet`. */
static inline void radio_start(void *packet)
{
    NRF_RADIO->EVENTS_END = 0;
    NRF_RADIO->PACKETPTR = DMA_POINTER(packet);
    dma_start();
    NRF_RADIO->TASKS_START = 1;
}

static inline void radio_wait(void)
{
    while (!NRF_RADIO->EVENTS_END)
        ;
    dma_end();
}

static inline void radio_close(void)
{
    NRF_RADIO->EVENTS_DISABLED = 0;
    NRF_RADIO->TASKS_DISABLE = 1;
    while (!NRF_RADIO->EVENTS_DISABLED)
        ;
}

#endif
