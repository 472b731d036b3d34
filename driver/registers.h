/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The register lists as constants: BLOCK_REGISTER is an offset, BLOCK_REGISTER_STRIDE the distance
 * of array elements, BLOCK_REGISTER_FIELD_LSB and _WIDTH place a field.
 */
#ifndef DRIVER_REGISTERS_H
#define DRIVER_REGISTERS_H

enum {
    FICR_BASE = 0x10000000,
    CLOCK_BASE = 0x40000000,
    POWER_BASE = 0x40000000,
    USBD_BASE = 0x40027000,
    ERRATA_BASE = 0x4006e000,
};

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) \
    USBD_##name = (offset), USBD_##name##_STRIDE = (stride),
#define FIELD(reg, name, lsb, width, brief) \
    USBD_##reg##_##name##_LSB = (lsb), USBD_##reg##_##name##_WIDTH = (width),
#include "driver/regs/usbd.def"
};

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

enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) \
    FICR_##name = (offset), FICR_##name##_STRIDE = (stride),
#define FIELD(reg, name, lsb, width, brief) \
    FICR_##reg##_##name##_LSB = (lsb), FICR_##reg##_##name##_WIDTH = (width),
#include "driver/regs/ficr.def"
};

enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) \
    ERRATA_##name = (offset), ERRATA_##name##_STRIDE = (stride),
#define FIELD(reg, name, lsb, width, brief) \
    ERRATA_##reg##_##name##_LSB = (lsb), ERRATA_##reg##_##name##_WIDTH = (width),
#include "driver/regs/errata.def"
};

/* clang-format on */

#endif
