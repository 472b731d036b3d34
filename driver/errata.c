/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/errata.h"

#include "driver/mmio.h"
#include "driver/registers.h"

#include <stdint.h>

enum {
    PART_NRF52840 = 0x08,
    LOCK_KEY = 0x9375, /* locks or unlocks: each write toggles */
};

/* The revisions that have an anomaly: Engineering A is 0, Engineering B 1, then one more each. */
struct revisions {
    uint8_t first;
    uint8_t last;
};

static const struct revisions revisions_with[] = {
    [ANOMALY_104] = {0, 0},    [ANOMALY_154] = {0, 0},    [ANOMALY_166] = {0, 0xff},
    [ANOMALY_171] = {0, 0xff}, [ANOMALY_187] = {1, 0xff}, [ANOMALY_199] = {0, 0xff},
    [ANOMALY_200] = {0, 0},    [ANOMALY_211] = {1, 0xff},
};

bool errata_apply(enum anomaly anomaly)
{
    uint32_t part = mmio_read32(REG_ADDR(FICR, ERRATA_PART)) & 0xff;
    uint32_t revision = mmio_read32(REG_ADDR(FICR, ERRATA_REVISION)) & 0xff;
    const struct revisions *with = &revisions_with[anomaly];

    return part == PART_NRF52840 && revision >= with->first && revision <= with->last;
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

void errata_before_wake_up(void)
{
    if (errata_apply(ANOMALY_171))
        write_locked(REG_ADDR(ERRATA, WAKE_UP), 0xc0);
}

void errata_after_wake_up(void)
{
    if (errata_apply(ANOMALY_171))
        write_locked(REG_ADDR(ERRATA, WAKE_UP), 0);
}

void errata_before_enable(void)
{
    if (errata_apply(ANOMALY_187))
        write_locked(REG_ADDR(ERRATA, POWER_STATE), 3);
    errata_before_wake_up();
}

void errata_after_ready(void)
{
    errata_after_wake_up();
    /* 187 wants 0 from now on; but who has it has 211, which wants 3 as long as USBD is enabled. */
    if (errata_apply(ANOMALY_166)) {
        mmio_write32(REG_ADDR(USBD, UNDOC_MACINDEX), 0x7e3);
        mmio_write32(REG_ADDR(USBD, UNDOC_MACDATA), 0x40);
        __asm__ volatile("isb\n\tdsb" ::: "memory");
    }
}

void errata_after_disable(void)
{
    if (errata_apply(ANOMALY_211))
        write_locked(REG_ADDR(ERRATA, POWER_STATE), 0);
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

/* EasyDMA says within 2 us that it has started, or the task was lost. */
static bool has_started(void)
{
    enum { POLLS = 50 };

    return mmio_wait(REG_ADDR(USBD, EVENTS_STARTED), UINT32_MAX, POLLS);
}

void errata_after_start(uint32_t task)
{
    enum { ATTEMPTS = 100 };

    if (!errata_apply(ANOMALY_104))
        return;
    for (unsigned i = 0; i < ATTEMPTS && !has_started(); i++)
        task_trigger(task);
}

void errata_accept_out(uint32_t task)
{
    task_trigger(task);
    if (errata_apply(ANOMALY_104))
        task_trigger(task);
}

/* Reads the bits of `bits` behind MACINDEX = `index`, and writes them as ones, which clears them.
 */
static uint32_t take_from_core(uint32_t index, uint32_t bits)
{
    mmio_write32(REG_ADDR(USBD, UNDOC_MACINDEX), index);
    bits &= mmio_read32(REG_ADDR(USBD, UNDOC_MACDATA)) & 0xff;
    mmio_write32(REG_ADDR(USBD, UNDOC_MACDATA), bits);
    (void)mmio_read32(REG_ADDR(USBD, UNDOC_MACDATA));
    return bits;
}

uint32_t errata_lost_packets(uint32_t bits)
{
    enum { IN_DATA = 0x7a9, OUT_DATA = 0x7aa };

    if (!errata_apply(ANOMALY_104))
        return 0;
    return take_from_core(IN_DATA, bits & 0xff) | take_from_core(OUT_DATA, bits >> 16) << 16;
}

void errata_accept_packet(unsigned endpoint)
{
    enum { OUT_CONTROL = 0x7c5 };

    if (!errata_apply(ANOMALY_200)) {
        mmio_write32(REG_ADDR_N(USBD, SIZE_EPOUT, endpoint), 0);
        return;
    }
    mmio_write32(REG_ADDR(USBD, UNDOC_MACINDEX), OUT_CONTROL + 2 * endpoint);
    mmio_write32(REG_ADDR(USBD, UNDOC_MACDATA), 0);
    (void)mmio_read32(REG_ADDR(USBD, UNDOC_MACDATA));
}
