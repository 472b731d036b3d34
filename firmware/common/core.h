/* SPDX-License-Identifier: Apache-2.0 */
/* What a program needs of the Cortex-M4 itself (Armv7-M B3.4). */
#ifndef FIRMWARE_COMMON_CORE_H
#define FIRMWARE_COMMON_CORE_H

#include <stdint.h>

/* Lets interrupt `irq`, 0..47, through the NVIC. */
static inline void nvic_enable(unsigned irq)
{
    volatile uint32_t *iser = (volatile uint32_t *)0xe000e100;

    iser[irq / 32] = (uint32_t)1 << irq % 32;
}

/* Holds interrupt `irq` back, from the next instruction on. */
static inline void nvic_disable(unsigned irq)
{
    volatile uint32_t *icer = (volatile uint32_t *)0xe000e180;

    icer[irq / 32] = (uint32_t)1 << irq % 32;
    __asm__ volatile("dsb\n\tisb" ::: "memory");
}

/* Sleeps until an interrupt is pending. */
static inline void wait_for_interrupt(void)
{
    __asm__ volatile("wfi" ::: "memory");
}

#endif
