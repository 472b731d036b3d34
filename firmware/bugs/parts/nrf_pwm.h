/* SPDX-License-Identifier: Apache-2.0 */
/* PWM's registers laid over the memory map, and a driver without mistakes (PS v1.7, 6.17). */
#ifndef FIRMWARE_BUGS_PARTS_NRF_PWM_H
#define FIRMWARE_BUGS_PARTS_NRF_PWM_H

#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/nrf_serial.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

struct nrf_pwm {
    uint32_t reserved0;
    volatile uint32_t TASKS_STOP; /* 0x004 */
    volatile uint32_t TASKS_SEQSTART[2];
    volatile uint32_t TASKS_NEXTSTEP;
    uint32_t reserved1[60];
    volatile uint32_t EVENTS_STOPPED; /* 0x104 */
    volatile uint32_t EVENTS_SEQSTARTED[2];
    volatile uint32_t EVENTS_SEQEND[2];
    volatile uint32_t EVENTS_PWMPERIODEND;
    volatile uint32_t EVENTS_LOOPSDONE; /* 0x11c */
    uint32_t reserved2[56];
    volatile uint32_t SHORTS; /* 0x200 */
    uint32_t reserved3[191];
    volatile uint32_t ENABLE; /* 0x500 */
    volatile uint32_t MODE;
    volatile uint32_t COUNTERTOP;
    volatile uint32_t PRESCALER;
    volatile uint32_t DECODER;
    volatile uint32_t LOOP;
    uint32_t reserved4[2];
    struct {
        volatile uint32_t PTR; /* 0x520 */
        volatile uint32_t CNT;
        volatile uint32_t REFRESH;
        volatile uint32_t ENDDELAY;
        uint32_t reserved[4];
    } SEQ[2];
    volatile uint32_t PSEL_OUT[4]; /* 0x560 */
};

#define NRF_PWM0 ((struct nrf_pwm *)0x4001c000)

_Static_assert(offsetof(struct nrf_pwm, EVENTS_STOPPED) == 0x104, "as in the manual");
_Static_assert(offsetof(struct nrf_pwm, SHORTS) == 0x200, "as in the manual");
_Static_assert(offsetof(struct nrf_pwm, ENABLE) == 0x500, "as in the manual");
_Static_assert(offsetof(struct nrf_pwm, PSEL_OUT) == 0x560, "as in the manual");

/* 16 MHz and 20 ticks a period: the bits of a chain of LEDs. */
enum { PWM_BIT_TOP = 20, PWM_BIT_0 = 0x8006, PWM_BIT_1 = 0x800d, PWM_LED_PIN = 16 };

static inline void pwm_open(void)
{
    NRF_PWM0->PSEL_OUT[0] = PWM_LED_PIN;
    NRF_PWM0->COUNTERTOP = PWM_BIT_TOP;
    NRF_PWM0->ENABLE = 1;
}

/* Describes sequence 0 and clears its events; the caller starts it. */
static inline void pwm_prepare(const uint16_t *values, uint32_t count)
{
    NRF_PWM0->EVENTS_SEQEND[0] = 0;
    NRF_PWM0->EVENTS_STOPPED = 0;
    NRF_PWM0->SEQ[0].PTR = DMA_POINTER(values);
    NRF_PWM0->SEQ[0].CNT = count;
    NRF_PWM0->SEQ[0].REFRESH = 0;
    dma_start();
}

static inline void pwm_wait(void)
{
    while (!NRF_PWM0->EVENTS_SEQEND[0])
        ;
    dma_end();
}

#endif
