/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/soc/system_off.h"

void system_off_enter(struct system_off *state, const struct wires *wires)
{
    *state = (struct system_off){.off = 1, .vbus = wire_get(wires, WIRE_VBUS)};
}

enum reset_kind system_off_wake_up(struct system_off *state, const struct wires *wires)
{
    bool vbus_came = wire_get(wires, WIRE_VBUS) && !state->vbus;

    state->vbus = wire_get(wires, WIRE_VBUS);
    if (wire_get(wires, WIRE_DETECT_P0) || wire_get(wires, WIRE_DETECT_P1))
        return RESET_OFF_DETECT;
    if (wire_get(wires, WIRE_ANADETECT))
        return RESET_OFF_LPCOMP;
    if (wire_get(wires, WIRE_NFC_FIELD))
        return RESET_OFF_NFC;
    return vbus_came ? RESET_OFF_VBUS : RESET_POWER_ON;
}
