/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registers of the serial blocks laid over the memory map, the way most drivers have them (PS v1.7,
 * 6.25 SPIM, 6.31 TWIM, 6.34 UARTE). Typed from the manual, not from driver/regs.
 */
#ifndef FIRMWARE_BUGS_PARTS_NRF_SERIAL_H
#define FIRMWARE_BUGS_PARTS_NRF_SERIAL_H

#include <stddef.h>
#include <stdint.h>

#define DMA_POINTER(object) ((uint32_t)(uintptr_t)(object))

struct nrf_uarte {
    volatile uint32_t TASKS_STARTRX; /* 0x000 */
    volatile uint32_t TASKS_STOPRX;
    volatile uint32_t TASKS_STARTTX;
    volatile uint32_t TASKS_STOPTX;
    uint32_t reserved0[7];
    volatile uint32_t TASKS_FLUSHRX; /* 0x02c */
    uint32_t reserved1[52];
    volatile uint32_t EVENTS_CTS; /* 0x100 */
    volatile uint32_t EVENTS_NCTS;
    volatile uint32_t EVENTS_RXDRDY;
    uint32_t reserved2;
    volatile uint32_t EVENTS_ENDRX; /* 0x110 */
    uint32_t reserved3[2];
    volatile uint32_t EVENTS_TXDRDY; /* 0x11c */
    volatile uint32_t EVENTS_ENDTX;
    volatile uint32_t EVENTS_ERROR;
    uint32_t reserved4[7];
    volatile uint32_t EVENTS_RXTO; /* 0x144 */
    uint32_t reserved5;
    volatile uint32_t EVENTS_RXSTARTED; /* 0x14c */
    volatile uint32_t EVENTS_TXSTARTED;
    uint32_t reserved6;
    volatile uint32_t EVENTS_TXSTOPPED; /* 0x158 */
    uint32_t reserved7[41];
    volatile uint32_t SHORTS; /* 0x200 */
    uint32_t reserved8[63];
    volatile uint32_t INTEN; /* 0x300 */
    volatile uint32_t INTENSET;
    volatile uint32_t INTENCLR;
    uint32_t reserved9[93];
    volatile uint32_t ERRORSRC; /* 0x480 */
    uint32_t reserved10[31];
    volatile uint32_t ENABLE; /* 0x500 */
    uint32_t reserved11;
    volatile uint32_t PSEL_RTS; /* 0x508 */
    volatile uint32_t PSEL_TXD;
    volatile uint32_t PSEL_CTS;
    volatile uint32_t PSEL_RXD;
    uint32_t reserved12[3];
    volatile uint32_t BAUDRATE; /* 0x524 */
    uint32_t reserved13[3];
    volatile uint32_t RXD_PTR; /* 0x534 */
    volatile uint32_t RXD_MAXCNT;
    volatile uint32_t RXD_AMOUNT;
    uint32_t reserved14;
    volatile uint32_t TXD_PTR; /* 0x544 */
    volatile uint32_t TXD_MAXCNT;
    volatile uint32_t TXD_AMOUNT;
    uint32_t reserved15[7];
    volatile uint32_t CONFIG; /* 0x56c */
};

struct nrf_spim {
    uint32_t reserved0[4];
    volatile uint32_t TASKS_START; /* 0x010 */
    volatile uint32_t TASKS_STOP;
    uint32_t reserved1;
    volatile uint32_t TASKS_SUSPEND;
    volatile uint32_t TASKS_RESUME;
    uint32_t reserved2[56];
    volatile uint32_t EVENTS_STOPPED; /* 0x104 */
    uint32_t reserved3[2];
    volatile uint32_t EVENTS_ENDRX; /* 0x110 */
    uint32_t reserved4;
    volatile uint32_t EVENTS_END; /* 0x118 */
    uint32_t reserved5;
    volatile uint32_t EVENTS_ENDTX; /* 0x120 */
    uint32_t reserved6[10];
    volatile uint32_t EVENTS_STARTED; /* 0x14c */
    uint32_t reserved7[44];
    volatile uint32_t SHORTS; /* 0x200 */
    uint32_t reserved8[64];
    volatile uint32_t INTENSET; /* 0x304 */
    volatile uint32_t INTENCLR;
    uint32_t reserved9[125];
    volatile uint32_t ENABLE; /* 0x500 */
    uint32_t reserved10;
    volatile uint32_t PSEL_SCK; /* 0x508 */
    volatile uint32_t PSEL_MOSI;
    volatile uint32_t PSEL_MISO;
    volatile uint32_t PSEL_CSN;
    uint32_t reserved11[3];
    volatile uint32_t FREQUENCY; /* 0x524 */
    uint32_t reserved12[3];
    volatile uint32_t RXD_PTR; /* 0x534 */
    volatile uint32_t RXD_MAXCNT;
    volatile uint32_t RXD_AMOUNT;
    volatile uint32_t RXD_LIST;
    volatile uint32_t TXD_PTR; /* 0x544 */
    volatile uint32_t TXD_MAXCNT;
    volatile uint32_t TXD_AMOUNT;
    volatile uint32_t TXD_LIST;
    volatile uint32_t CONFIG; /* 0x554 */
    uint32_t reserved13[26];
    volatile uint32_t ORC; /* 0x5c0 */
};

#define NRF_SPIM0 ((struct nrf_spim *)0x40003000)

_Static_assert(offsetof(struct nrf_spim, EVENTS_STARTED) == 0x14c, "as in the manual");
_Static_assert(offsetof(struct nrf_spim, TXD_LIST) == 0x550, "as in the manual");
_Static_assert(offsetof(struct nrf_spim, ORC) == 0x5c0, "as in the manual");

enum { SPIM_ENABLED = 7, SPIM_1_MBIT = 0x10000000 };

struct nrf_twim {
    volatile uint32_t TASKS_STARTRX; /* 0x000 */
    uint32_t reserved0;
    volatile uint32_t TASKS_STARTTX; /* 0x008 */
    uint32_t reserved1[2];
    volatile uint32_t TASKS_STOP; /* 0x014 */
    uint32_t reserved2;
    volatile uint32_t TASKS_SUSPEND; /* 0x01c */
    volatile uint32_t TASKS_RESUME;
    uint32_t reserved3[56];
    volatile uint32_t EVENTS_STOPPED; /* 0x104 */
    uint32_t reserved4[7];
    volatile uint32_t EVENTS_ERROR; /* 0x124 */
    uint32_t reserved5[8];
    volatile uint32_t EVENTS_SUSPENDED; /* 0x148 */
    volatile uint32_t EVENTS_RXSTARTED;
    volatile uint32_t EVENTS_TXSTARTED;
    uint32_t reserved6[2];
    volatile uint32_t EVENTS_LASTRX; /* 0x15c */
    volatile uint32_t EVENTS_LASTTX;
    uint32_t reserved7[39];
    volatile uint32_t SHORTS; /* 0x200 */
    uint32_t reserved8[63];
    volatile uint32_t INTEN; /* 0x300 */
    volatile uint32_t INTENSET;
    volatile uint32_t INTENCLR;
    uint32_t reserved9[110];
    volatile uint32_t ERRORSRC; /* 0x4c4 */
    uint32_t reserved10[14];
    volatile uint32_t ENABLE; /* 0x500 */
    uint32_t reserved11;
    volatile uint32_t PSEL_SCL; /* 0x508 */
    volatile uint32_t PSEL_SDA;
    uint32_t reserved12[5];
    volatile uint32_t FREQUENCY; /* 0x524 */
    uint32_t reserved13[3];
    volatile uint32_t RXD_PTR; /* 0x534 */
    volatile uint32_t RXD_MAXCNT;
    volatile uint32_t RXD_AMOUNT;
    volatile uint32_t RXD_LIST;
    volatile uint32_t TXD_PTR; /* 0x544 */
    volatile uint32_t TXD_MAXCNT;
    volatile uint32_t TXD_AMOUNT;
    volatile uint32_t TXD_LIST;
    uint32_t reserved14[13];
    volatile uint32_t ADDRESS; /* 0x588 */
};

#define NRF_TWIM0 ((struct nrf_twim *)0x40003000)

_Static_assert(offsetof(struct nrf_twim, EVENTS_LASTTX) == 0x160, "as in the manual");
_Static_assert(offsetof(struct nrf_twim, ERRORSRC) == 0x4c4, "as in the manual");
_Static_assert(offsetof(struct nrf_twim, TXD_LIST) == 0x550, "as in the manual");
_Static_assert(offsetof(struct nrf_twim, ADDRESS) == 0x588, "as in the manual");

enum {
    TWIM_ENABLED = 6,
    TWIM_400_KBIT = 0x06400000,
    TWIM_LASTTX_STARTRX = 1 << 7,
    TWIM_LASTTX_STOP = 1 << 9,
    TWIM_LASTRX_STOP = 1 << 12,
};

#define NRF_UARTE0 ((struct nrf_uarte *)0x40002000)

_Static_assert(offsetof(struct nrf_uarte, EVENTS_TXSTOPPED) == 0x158, "as in the manual");
_Static_assert(offsetof(struct nrf_uarte, ERRORSRC) == 0x480, "as in the manual");
_Static_assert(offsetof(struct nrf_uarte, TXD_AMOUNT) == 0x54c, "as in the manual");
_Static_assert(offsetof(struct nrf_uarte, CONFIG) == 0x56c, "as in the manual");

enum {
    UARTE_ENABLED = 8,
    UARTE_1_MBAUD = 0x10000000,
    UARTE_ENDRX_STARTRX = 1 << 5,
    UARTE_TX_PIN = 6, /* of the development kit */
    UARTE_RX_PIN = 8,
};

#endif
