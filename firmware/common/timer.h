/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FIRMWARE_COMMON_TIMER_H
#define FIRMWARE_COMMON_TIMER_H

#include <stdint.h>

/*
 * Calls `expired` in `milliseconds`, 1..500000, from the interrupt of RTC0, which runs while the
 * CPU sleeps and the crystal oscillator rests. A second call begins anew.
 */
void timer_start(uint32_t milliseconds, void (*expired)(void));

/* Forgets the call that is to come, if any. */
void timer_stop(void);

#endif
