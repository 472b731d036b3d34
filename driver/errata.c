/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/errata.h"

#include "driver/mmio.h"
#include "driver/registers.h"

#include <stdint.h>

enum {
    PART_NRF52840 = 0x08,
    LOCK_KEY = 0x9375, /* locks or unlocks: each write toggles */
};

static uint32_t first_revision(enum anomaly anomaly)
{
    switch (anomaly) {
    case ANOMALY_166:
    case ANOMALY_171:
    case ANOMALY_199:
        return 0;
    case ANOMALY_187:
    case ANOMALY_211:
        return 1;
    }
    return UINT32_MAX;
}

bool errata_apply(enum anomaly anomaly)
{
    uint32_t part = mmio_read32(REG_ADDR(FICR, ERRATA_PART)) & 0xff;
    uint32_t revision = mmio_read32(REG_ADDR(FICR, ERRATA_REVISION)) & 0xff;

    return part == PART_NRF52840 && revision >= first_revision(anomaly);
}

static void write_locked(uint32_t address, uint32_t value)
{
    bool locked = mmio_read32(REG_ADDR(ERRATA, LOCK)) == 0;

    if (locked)
        mmio_write32(REG_ADDR(ERRATA, LOCK), LOCK_KEY);
    mmio_write32(address, value);
    if (locked)
        mmio_write32(REG_ADDR(ERRATA, LOCK), LOCK_KEY);
}

void errata_before_enable(void)
{
    if (errata_apply(ANOMALY_187))
        write_locked(REG_ADDR(ERRATA, POWER_STATE), 3);
    if (errata_apply(ANOMALY_171))
        write_locked(REG_ADDR(ERRATA, WAKE_UP), 0xc0);
}

void errata_after_ready(void)
{
    if (errata_apply(ANOMALY_171))
        write_locked(REG_ADDR(ERRATA, WAKE_UP), 0);
    /* 187 wants 0 from now on, 211 wants 3 for as long as USBD is enabled: 211 includes 187. */
    if (errata_apply(ANOMALY_187) && !errata_apply(ANOMALY_211))
        write_locked(REG_ADDR(ERRATA, POWER_STATE), 0);
    if (errata_apply(ANOMALY_166)) {
        mmio_write32(REG_ADDR(USBD, UNDOC_MACINDEX), 0x7e3);
        mmio_write32(REG_ADDR(USBD, UNDOC_MACDATA), 0x40);
        __asm__ volatile("isb\n\tdsb" ::: "memory");
    }
}

void errata_before_dma(void)
{
    if (errata_apply(ANOMALY_199))
        mmio_write32(REG_ADDR(USBD, UNDOC_DMAPENDING), 0x82);
}

void errata_after_dma(void)
{
    if (errata_apply(ANOMALY_199))
        mmio_write32(REG_ADDR(USBD, UNDOC_DMAPENDING), 0);
}
