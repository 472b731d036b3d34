/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeps interrupt handlers out for a few instructions (Armv7-M B1.4.3, PRIMASK), so that thread and
 * interrupt never decide about EasyDMA at the same time.
 *
 *     uint32_t before = critical_enter();
 *     ...
 *     critical_leave(before);
 *
 * May be nested, and used in handlers. Both are compiler barriers.
 */
#ifndef DRIVER_CRITICAL_H
#define DRIVER_CRITICAL_H

#include <stdint.h>

static inline uint32_t critical_enter(void)
{
    uint32_t before;

    __asm__ volatile("mrs %0, primask\n\tcpsid i" : "=r"(before) : : "memory");
    return before;
}

static inline void critical_leave(uint32_t before)
{
    __asm__ volatile("msr primask, %0" : : "r"(before) : "memory");
}

#endif
