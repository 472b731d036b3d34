/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cpu/dwt.h"

enum {
    DWT_CTRL = 0x000,
    DWT_CYCCNT = 0x004,
    DWT_FUNCTION_END = 0x05c,
    CTRL_CYCCNTENA = 1,
    CTRL_FIXED = 0x40000000, /* four comparators */
};

static uint32_t cycles(const struct dwt *dwt, sim_time now, bool running)
{
    bool counts = running && dwt->control & CTRL_CYCCNTENA;

    return counts ? dwt->count + (uint32_t)(now - dwt->since) : dwt->count;
}

void dwt_settle(struct dwt *dwt, sim_time now, bool running)
{
    dwt->count = cycles(dwt, now, running);
    dwt->since = now;
}

bool dwt_read(const struct dwt *dwt, sim_time now, bool running, uint32_t offset, uint32_t *value)
{
    switch (offset) {
    case DWT_CTRL:
        *value = CTRL_FIXED | dwt->control;
        return true;
    case DWT_CYCCNT:
        *value = cycles(dwt, now, running);
        return true;
    default:
        *value = 0;
        return offset <= DWT_FUNCTION_END;
    }
}

bool dwt_write(struct dwt *dwt, sim_time now, bool running, uint32_t offset, uint32_t value)
{
    dwt_settle(dwt, now, running);
    switch (offset) {
    case DWT_CTRL:
        dwt->control = value & CTRL_CYCCNTENA;
        return true;
    case DWT_CYCCNT:
        dwt->count = value;
        return true;
    default:
        return offset <= DWT_FUNCTION_END; /* deviation 1 */
    }
}
