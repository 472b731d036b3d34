/* SPDX-License-Identifier: Apache-2.0 */
/*
 * USBD's registers laid over the memory map as one struct, the way most drivers have them
 * (PS v1.7, 6.35 USBD).
 */
#ifndef FIRMWARE_BUGS_PARTS_NRF_USBD_H
#define FIRMWARE_BUGS_PARTS_NRF_USBD_H

#include <stddef.h>
#include <stdint.h>

/* One EasyDMA descriptor. */
struct nrf_usbd_channel {
    volatile uint32_t PTR;
    volatile uint32_t MAXCNT;
    volatile uint32_t AMOUNT;
    uint32_t reserved[2];
};

struct nrf_usbd {
    uint32_t reserved0;
    volatile uint32_t TASKS_STARTEPIN[8]; /* 0x004 */
    volatile uint32_t TASKS_STARTISOIN;
    volatile uint32_t TASKS_STARTEPOUT[8]; /* 0x028 */
    volatile uint32_t TASKS_STARTISOOUT;
    volatile uint32_t TASKS_EP0RCVOUT;
    volatile uint32_t TASKS_EP0STATUS;
    volatile uint32_t TASKS_EP0STALL;
    volatile uint32_t TASKS_DPDMDRIVE;
    volatile uint32_t TASKS_DPDMNODRIVE;
    uint32_t reserved1[40];
    volatile uint32_t EVENTS_USBRESET; /* 0x100 */
    volatile uint32_t EVENTS_STARTED;
    volatile uint32_t EVENTS_ENDEPIN[8];
    volatile uint32_t EVENTS_EP0DATADONE;
    volatile uint32_t EVENTS_ENDISOIN;
    volatile uint32_t EVENTS_ENDEPOUT[8]; /* 0x130 */
    volatile uint32_t EVENTS_ENDISOOUT;
    volatile uint32_t EVENTS_SOF;
    volatile uint32_t EVENTS_USBEVENT;
    volatile uint32_t EVENTS_EP0SETUP;
    volatile uint32_t EVENTS_EPDATA;
    uint32_t reserved2[39];
    volatile uint32_t SHORTS; /* 0x200 */
    uint32_t reserved3[63];
    volatile uint32_t INTEN; /* 0x300 */
    volatile uint32_t INTENSET;
    volatile uint32_t INTENCLR;
    uint32_t reserved4[61];
    volatile uint32_t EVENTCAUSE; /* 0x400 */
    uint32_t reserved5[7];
    volatile uint32_t HALTED_EPIN[8]; /* 0x420 */
    uint32_t reserved6;
    volatile uint32_t HALTED_EPOUT[8]; /* 0x444 */
    uint32_t reserved7;
    volatile uint32_t EPSTATUS; /* 0x468 */
    volatile uint32_t EPDATASTATUS;
    volatile uint32_t USBADDR;
    uint32_t reserved8[3];
    volatile uint32_t BMREQUESTTYPE; /* 0x480 */
    volatile uint32_t BREQUEST;
    volatile uint32_t WVALUEL;
    volatile uint32_t WVALUEH;
    volatile uint32_t WINDEXL;
    volatile uint32_t WINDEXH;
    volatile uint32_t WLENGTHL;
    volatile uint32_t WLENGTHH;
    volatile uint32_t SIZE_EPOUT[8]; /* 0x4a0 */
    volatile uint32_t SIZE_ISOOUT;
    uint32_t reserved9[15];
    volatile uint32_t ENABLE; /* 0x500 */
    volatile uint32_t USBPULLUP;
    volatile uint32_t DPDMVALUE;
    volatile uint32_t DTOGGLE;
    volatile uint32_t EPINEN;
    volatile uint32_t EPOUTEN;
    volatile uint32_t EPSTALL;
    volatile uint32_t ISOSPLIT;
    volatile uint32_t FRAMECNTR; /* 0x520 */
    uint32_t reserved10[2];
    volatile uint32_t LOWPOWER; /* 0x52c */
    volatile uint32_t ISOINCONFIG;
    uint32_t reserved11[51];
    struct nrf_usbd_channel EPIN[8]; /* 0x600 */
    struct nrf_usbd_channel ISOIN;
    uint32_t reserved12[19];
    struct nrf_usbd_channel EPOUT[8]; /* 0x700 */
    struct nrf_usbd_channel ISOOUT;
};

_Static_assert(offsetof(struct nrf_usbd, TASKS_STARTEPOUT) == 0x028, "USBD map");
_Static_assert(offsetof(struct nrf_usbd, EVENTS_EPDATA) == 0x160, "USBD map");
_Static_assert(offsetof(struct nrf_usbd, EPDATASTATUS) == 0x46c, "USBD map");
_Static_assert(offsetof(struct nrf_usbd, SIZE_EPOUT) == 0x4a0, "USBD map");
_Static_assert(offsetof(struct nrf_usbd, LOWPOWER) == 0x52c, "USBD map");
_Static_assert(offsetof(struct nrf_usbd, EPIN) == 0x600, "USBD map");
_Static_assert(offsetof(struct nrf_usbd, EPOUT) == 0x700, "USBD map");

#define NRF_USBD ((struct nrf_usbd *)0x40027000)

/* A buffer as PTR wants it. */
#define DMA_ADDRESS(buffer) ((uint32_t)(uintptr_t)(buffer))

enum {
    SHORT_EP0DATADONE_EP0STATUS = 1 << 2,

    INT_USBRESET = 1 << 0,
    INT_ENDEPIN0 = 1 << 2,
    INT_EP0DATADONE = 1 << 10,
    INT_ENDEPOUT0 = 1 << 12,
    INT_EP0SETUP = 1 << 23,
    INT_EPDATA = 1 << 24,
};

#endif
