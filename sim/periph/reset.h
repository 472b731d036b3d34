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
    RESET_OFF_DETECT = 1 << 16, /* wake-up from System OFF by a pin, */
    RESET_OFF_LPCOMP = 1 << 17, /* the comparator, */
    RESET_DEBUG = 1 << 18,      /* the debugger, */
    RESET_OFF_NFC = 1 << 19,    /* an NFC field, */
    RESET_OFF_VBUS = 1 << 20,   /* or VBUS */
    RESET_INTO_OFF = 1 << 24,   /* not shown: what System OFF itself does */
};

/* GPIO keeps its settings through System OFF. */
static inline bool reset_is_wake_up(enum reset_kind kind)
{
    return (unsigned)kind >= RESET_OFF_DETECT;
}

/* Retained registers live through a reset that comes from the CPU, and through System OFF. */
static inline bool reset_keeps_retained(enum reset_kind kind)
{
    return kind == RESET_SOFT || kind == RESET_LOCKUP || reset_is_wake_up(kind);
}

/* So does a watchdog that runs. */
static inline bool reset_keeps_watchdog(enum reset_kind kind)
{
    return kind == RESET_SOFT || kind == RESET_LOCKUP;
}

#endif
