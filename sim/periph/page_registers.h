/* SPDX-License-Identifier: Apache-2.0 */
/* Offsets and fields of CLOCK and POWER as constants: CLOCK_LFCLKSRC, CLOCK_LFCLKSRC_SRC_WIDTH. */
#ifndef SIM_PERIPH_PAGE_REGISTERS_H
#define SIM_PERIPH_PAGE_REGISTERS_H

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) \
    CLOCK_##name = (offset), CLOCK_##name##_STRIDE = (stride),
#define FIELD(reg, name, lsb, width, brief) \
    CLOCK_##reg##_##name##_LSB = (lsb), CLOCK_##reg##_##name##_WIDTH = (width),
#include "driver/regs/clock.def"
};

enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) \
    POWER_##name = (offset), POWER_##name##_STRIDE = (stride),
#define FIELD(reg, name, lsb, width, brief) \
    POWER_##reg##_##name##_LSB = (lsb), POWER_##reg##_##name##_WIDTH = (width),
#include "driver/regs/power.def"
};
/* clang-format on */

#endif
