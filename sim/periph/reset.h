/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why the chip is reset (PS v1.7, 5.3.6 Reset). The values are those that POWER.RESETREAS shows; a
 * power-on reset shows none.
 */
#ifndef SIM_PERIPH_RESET_H
#define SIM_PERIPH_RESET_H

#include <stdbool.h>

enum reset_kind {
    RESET_POWER_ON = 0,
    RESET_PIN = 1 << 0,
    RESET_WATCHDOG = 1 << 1,
    RESET_SOFT = 1 << 2, /* AIRCR.SYSRESETREQ */
    RESET_LOCKUP = 1 << 3,
};

/* Retained registers live through a reset that comes from the CPU. */
static inline bool reset_keeps_retained(enum reset_kind kind)
{
    return kind == RESET_SOFT || kind == RESET_LOCKUP;
}

#endif
