/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Access to memory-mapped registers, named after the lists in driver/regs.
 *
 *     mmio_write32(REG_ADDR_N(USBD, EPIN_MAXCNT, 0), size);
 *     mmio_write32(REG_ADDR(USBD, INTENSET), USBD_INT_USBRESET);
 *
 * Addresses and fields are constant expressions; an access is one load or one store.
 */
#ifndef DRIVER_MMIO_H
#define DRIVER_MMIO_H

#include <stdbool.h>
#include <stdint.h>

/* Address of register `reg` of `block`, and of its element `n` where the register is an array. */
#define REG_ADDR(block, reg) ((uint32_t)block##_BASE + (uint32_t)block##_##reg)
#define REG_ADDR_N(block, reg, n)                                                                  \
    (REG_ADDR(block, reg) + (uint32_t)(n) * (uint32_t)block##_##reg##_STRIDE)

/* A field is named BLOCK_REGISTER_FIELD. Right for every width from 1 to 32. */
#define FIELD_MASK(field) ((0xffffffffu >> (32 - field##_WIDTH)) << field##_LSB)
#define FIELD_PREP(field, value) (((uint32_t)(value) << field##_LSB) & FIELD_MASK(field))
#define FIELD_GET(field, value) (((value)&FIELD_MASK(field)) >> field##_LSB)

static inline uint32_t mmio_read32(uint32_t address)
{
    return *(const volatile uint32_t *)(uintptr_t)address;
}

static inline void mmio_write32(uint32_t address, uint32_t value)
{
    *(volatile uint32_t *)(uintptr_t)address = value;
}

/* Triggers the task whose register is at `address`. */
static inline void task_trigger(uint32_t address)
{
    mmio_write32(address, 1);
}

static inline bool event_raised(uint32_t address)
{
    return mmio_read32(address) != 0;
}

/* Clears an event. The load behind the store makes sure that the store has reached the peripheral,
 * so that an interrupt handler which returns next is not entered again for the same event. */
static inline void event_clear(uint32_t address)
{
    mmio_write32(address, 0);
    (void)mmio_read32(address);
}

/* Clears the event and tells whether it was raised. */
static inline bool event_take(uint32_t address)
{
    if (!event_raised(address))
        return false;
    event_clear(address);
    return true;
}

/* Reads the register at `address` until one of the bits in `mask` is set, at most `polls` times.
 * Returns whether one was. */
static inline bool mmio_wait(uint32_t address, uint32_t mask, uint32_t polls)
{
    for (; polls > 0; polls--) {
        if ((mmio_read32(address) & mask) != 0)
            return true;
    }
    return false;
}

#endif
