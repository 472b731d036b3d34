/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RTC: counts the 32.768 kHz clock, 24 bits wide (PS v1.7, 6.22). Three of them.
 *
 * Nothing ticks: the counter follows from the edge at which it was started, and what happens next
 * is one scheduled event. Input is WIRE_LFCLK.
 */
#ifndef SIM_PERIPH_RTC_H
#define SIM_PERIPH_RTC_H

#include "sim/periph/regfile.h"

enum { RTCS = 3, RTC_COMPARES = 4 };

/* Plain state, one registered region. */
struct rtc_state {
    uint64_t edge; /* of LFCLK, at which the counter had the value `count` */
    struct rtc_compare {
        sim_time from;  /* until then, `before` is compared with the counter, then `value` */
        uint32_t value; /* CC as written last */
        uint32_t before;
    } compare[RTC_COMPARES];
    uint32_t count;
    uint32_t prescaler;
    uint32_t started;  /* START was triggered last, not STOP */
    uint32_t counting; /* started, LFCLK runs, and the start has taken effect */
};

struct rtc {
    struct regfile regs;
    struct fabric *fabric;
    struct rtc_state state;
};

/* RTC0..RTC2. */
extern const struct block_spec rtc_spec[RTCS];

/* Connects the counter to bus, state, events and WIRE_LFCLK. `rtc` and `fabric` must stay. */
void rtc_init(struct rtc *rtc, struct fabric *fabric, const struct block_spec *spec);

/* Stopped at 0, registers to their reset values. */
void rtc_reset(struct rtc *rtc, enum reset_kind reason);

#endif
