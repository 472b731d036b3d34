/* SPDX-License-Identifier: Apache-2.0 */
/* Keeping interrupt handlers out (Armv7-M B1.4.3 PRIMASK, B3.4 NVIC). */
#ifndef FIRMWARE_BUGS_PARTS_MASKED_H
#define FIRMWARE_BUGS_PARTS_MASKED_H

#include <stdint.h>

/* A pending interrupt still ends WFI. */
static inline void interrupts_disable(void)
{
    __asm__ volatile("cpsid i" ::: "memory");
}

static inline void interrupts_enable(void)
{
    __asm__ volatile("cpsie i" ::: "memory");
}

/* Forgets that interrupt `irq`, 0..47, was pending; a level that still holds sets it again. */
static inline void nvic_clear_pending(unsigned irq)
{
    volatile uint32_t *icpr = (volatile uint32_t *)0xe000e280;

    icpr[irq / 32] = (uint32_t)1 << irq % 32;
}

#endif
