/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System OFF: the chip draws next to nothing and waits for a pin, LPCOMP, an NFC field or VBUS,
 * which reset it (PS v1.7, 5.3.3). Time goes on for the board and the host alone.
 */
#ifndef SIM_SOC_SYSTEM_OFF_H
#define SIM_SOC_SYSTEM_OFF_H

#include "sim/core/schedule.h"
#include "sim/core/wire.h"
#include "sim/periph/reset.h"

/* Plain state, one registered region. */
struct system_off {
    uint8_t asked; /* the firmware wrote SYSTEMOFF; the instruction is still to end */
    uint8_t off;
    uint8_t vbus; /* was there when it was looked at last: only its arrival wakes */
};

/* The chip goes off now. */
void system_off_enter(struct system_off *state, const struct wires *wires);

/* What wakes the chip now, or RESET_POWER_ON: nothing. To be asked after each event. */
enum reset_kind system_off_wake_up(struct system_off *state, const struct wires *wires);

#endif
