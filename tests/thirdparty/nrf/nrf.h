/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What TinyUSB's nRF5x driver needs of the vendor's device header, which no package carries. Typed
 * from the register tables of the product specification (PS v1.7, 6.35 USBD), offset by offset:
 * nothing here comes from driver/regs, so that a program built with it is a witness of its own.
 */
#ifndef NRF_H
#define NRF_H

#include <stddef.h>
#include <stdint.h>

#define MDK_MAJOR_VERSION 8
#define MDK_MINOR_VERSION 40
#define MDK_MICRO_VERSION 2

typedef enum { POWER_CLOCK_IRQn = 0, USBD_IRQn = 39 } IRQn_Type;

typedef struct {
    volatile uint32_t PTR;
    volatile uint32_t MAXCNT;
    volatile uint32_t AMOUNT;
    uint32_t reserved[2];
} USBD_DMA_Type;

typedef struct {
    volatile uint32_t EPOUT[8];
    volatile uint32_t ISOOUT;
} USBD_SIZE_Type;

typedef struct {
    uint32_t reserved0[1];
    volatile uint32_t TASKS_STARTEPIN[8];
    volatile uint32_t TASKS_STARTISOIN;
    volatile uint32_t TASKS_STARTEPOUT[8];
    volatile uint32_t TASKS_STARTISOOUT;
    volatile uint32_t TASKS_EP0RCVOUT;
    volatile uint32_t TASKS_EP0STATUS;
    volatile uint32_t TASKS_EP0STALL;
    volatile uint32_t TASKS_DPDMDRIVE;
    volatile uint32_t TASKS_DPDMNODRIVE;
    uint32_t reserved1[40];
    volatile uint32_t EVENTS_USBRESET;
    volatile uint32_t EVENTS_STARTED;
    volatile uint32_t EVENTS_ENDEPIN[8];
    volatile uint32_t EVENTS_EP0DATADONE;
    volatile uint32_t EVENTS_ENDISOIN;
    volatile uint32_t EVENTS_ENDEPOUT[8];
    volatile uint32_t EVENTS_ENDISOOUT;
    volatile uint32_t EVENTS_SOF;
    volatile uint32_t EVENTS_USBEVENT;
    volatile uint32_t EVENTS_EP0SETUP;
    volatile uint32_t EVENTS_EPDATA;
    uint32_t reserved2[39];
    volatile uint32_t SHORTS;
    uint32_t reserved3[63];
    volatile uint32_t INTEN;
    volatile uint32_t INTENSET;
    volatile uint32_t INTENCLR;
    uint32_t reserved4[61];
    volatile uint32_t EVENTCAUSE;
    uint32_t reserved5[26];
    volatile uint32_t EPDATASTATUS;
    volatile uint32_t USBADDR;
    uint32_t reserved6[3];
    volatile uint32_t BMREQUESTTYPE;
    volatile uint32_t BREQUEST;
    volatile uint32_t WVALUEL;
    volatile uint32_t WVALUEH;
    volatile uint32_t WINDEXL;
    volatile uint32_t WINDEXH;
    volatile uint32_t WLENGTHL;
    volatile uint32_t WLENGTHH;
    USBD_SIZE_Type SIZE;
    uint32_t reserved7[15];
    volatile uint32_t ENABLE;
    volatile uint32_t USBPULLUP;
    volatile uint32_t DPDMVALUE;
    volatile uint32_t DTOGGLE;
    volatile uint32_t EPINEN;
    volatile uint32_t EPOUTEN;
    volatile uint32_t EPSTALL;
    volatile uint32_t ISOSPLIT;
    volatile uint32_t FRAMECNTR;
    uint32_t reserved8[2];
    volatile uint32_t LOWPOWER;
    volatile uint32_t ISOINCONFIG;
    uint32_t reserved9[51];
    USBD_DMA_Type EPIN[8];
    USBD_DMA_Type ISOIN;
    uint32_t reserved10[19];
    USBD_DMA_Type EPOUT[8];
    USBD_DMA_Type ISOOUT;
} NRF_USBD_Type;

#define NRF_USBD_AT(member, offset)                                                                \
    _Static_assert(offsetof(NRF_USBD_Type, member) == (offset), #member)
NRF_USBD_AT(TASKS_STARTISOOUT, 0x048);
NRF_USBD_AT(EVENTS_USBRESET, 0x100);
NRF_USBD_AT(EVENTS_EPDATA, 0x160);
NRF_USBD_AT(SHORTS, 0x200);
NRF_USBD_AT(INTENSET, 0x304);
NRF_USBD_AT(EVENTCAUSE, 0x400);
NRF_USBD_AT(EPDATASTATUS, 0x46c);
NRF_USBD_AT(USBADDR, 0x470);
NRF_USBD_AT(BMREQUESTTYPE, 0x480);
NRF_USBD_AT(SIZE, 0x4a0);
NRF_USBD_AT(ENABLE, 0x500);
NRF_USBD_AT(FRAMECNTR, 0x520);
NRF_USBD_AT(LOWPOWER, 0x52c);
NRF_USBD_AT(EPIN, 0x600);
NRF_USBD_AT(ISOIN, 0x6a0);
NRF_USBD_AT(EPOUT, 0x700);
NRF_USBD_AT(ISOOUT, 0x7a0);

#define NRF_USBD ((NRF_USBD_Type *)0x40027000)

#define USBD_INTEN_USBRESET_Msk (1u << 0)
#define USBD_INTEN_ENDEPIN0_Pos 2
#define USBD_INTEN_ENDEPIN0_Msk (1u << 2)
#define USBD_INTEN_EP0DATADONE_Msk (1u << 10)
#define USBD_INTEN_ENDISOIN_Msk (1u << 11)
#define USBD_INTEN_ENDEPOUT0_Pos 12
#define USBD_INTEN_ENDEPOUT0_Msk (1u << 12)
#define USBD_INTEN_ENDISOOUT_Msk (1u << 20)
#define USBD_INTEN_SOF_Msk (1u << 21)
#define USBD_INTEN_USBEVENT_Msk (1u << 22)
#define USBD_INTEN_EP0SETUP_Msk (1u << 23)
#define USBD_INTEN_EPDATA_Pos 24
#define USBD_INTEN_EPDATA_Msk (1u << 24)
#define USBD_INTENSET_SOF_Msk USBD_INTEN_SOF_Msk
#define USBD_INTENSET_ENDISOIN_Msk USBD_INTEN_ENDISOIN_Msk
#define USBD_INTENSET_ENDISOOUT_Msk USBD_INTEN_ENDISOOUT_Msk
#define USBD_INTENCLR_SOF_Msk USBD_INTEN_SOF_Msk
#define USBD_INTENCLR_ENDISOIN_Msk USBD_INTEN_ENDISOIN_Msk
#define USBD_INTENCLR_ENDISOOUT_Msk USBD_INTEN_ENDISOOUT_Msk

#define USBD_EVENTCAUSE_ISOOUTCRC_Msk (1u << 0)
#define USBD_EVENTCAUSE_SUSPEND_Msk (1u << 8)
#define USBD_EVENTCAUSE_RESUME_Msk (1u << 9)
#define USBD_EVENTCAUSE_USBWUALLOWED_Msk (1u << 10)
#define USBD_EVENTCAUSE_READY_Msk (1u << 11)
#define USBD_SIZE_ISOOUT_ZERO_Msk (1u << 16)
#define USBD_DPDMVALUE_STATE_Resume 1u
#define USBD_DTOGGLE_VALUE_Pos 8
#define USBD_DTOGGLE_VALUE_Data0 1u
#define USBD_EPINEN_ISOIN_Msk (1u << 8)
#define USBD_EPOUTEN_ISOOUT_Msk (1u << 8)
#define USBD_EPSTALL_STALL_Pos 8
#define USBD_EPSTALL_STALL_Stall 1u
#define USBD_EPSTALL_STALL_UnStall 0u
#define USBD_ISOSPLIT_SPLIT_OneDir 0x0000u
#define USBD_ISOSPLIT_SPLIT_HalfIN 0x0080u

/* ---- The core (Armv7-M, B3) ------------------------------------------------------------------ */

typedef struct {
    volatile uint32_t CPUID;
    volatile uint32_t ICSR;
} SCB_Type;

#define SCB ((SCB_Type *)0xe000ed00)
#define SCB_ICSR_VECTACTIVE_Msk 0x1ffu

static inline void __DSB(void)
{
    __asm__ volatile("dsb 0xf" ::: "memory");
}

static inline void __ISB(void)
{
    __asm__ volatile("isb 0xf" ::: "memory");
}

static inline void nvic_write(uint32_t base, IRQn_Type irq)
{
    ((volatile uint32_t *)base)[(uint32_t)irq / 32] = 1u << (uint32_t)irq % 32;
}

static inline void NVIC_EnableIRQ(IRQn_Type irq)
{
    nvic_write(0xe000e100, irq);
}

static inline void NVIC_DisableIRQ(IRQn_Type irq)
{
    nvic_write(0xe000e180, irq);
    __DSB();
    __ISB();
}

static inline void NVIC_ClearPendingIRQ(IRQn_Type irq)
{
    nvic_write(0xe000e280, irq);
}

#endif
