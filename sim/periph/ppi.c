/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PPI: programmable peripheral interconnect (PS v1.7, 6.16).
 *
 * Deviations:
 *   1. Tasks are triggered in the instant of the event; on silicon up to one cycle of 16 MHz later.
 *   2. A chain of events and tasks ends in its own instant, and each channel takes part once: wired
 *      in a circle it would otherwise never end. On silicon it goes round for ever.
 *   3. Channels due together are served in order of their number.
 *   4. An endpoint that is no task register (offset 0x100 and up) is not triggered.
 */
#include "sim/periph/ppi.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/mem/map.h"

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) \
    name = (offset), name##_COUNT = (count), name##_STRIDE = (stride),
#include "driver/regs/ppi.def"
};

static const struct reg_desc ppi_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/ppi.def"
};
/* clang-format on */

enum { CHANNELS = FORK_TEP_COUNT, FIRST_FIXED = CH_EEP_COUNT };

/* Channels 20..31 (PS v1.7, 6.16.1 Pre-programmed channels). */
static const struct fixed_channel {
    guest_addr event;
    guest_addr task;
} fixed[CHANNELS - FIRST_FIXED] = {
    {0x40008140, 0x40001000}, /* 20: TIMER0.COMPARE[0] -> RADIO.TXEN */
    {0x40008140, 0x40001004}, /* 21: TIMER0.COMPARE[0] -> RADIO.RXEN */
    {0x40008144, 0x40001010}, /* 22: TIMER0.COMPARE[1] -> RADIO.DISABLE */
    {0x40001128, 0x4000f000}, /* 23: RADIO.BCMATCH -> AAR.START */
    {0x40001100, 0x4000f000}, /* 24: RADIO.READY -> CCM.KSGEN */
    {0x40001104, 0x4000f004}, /* 25: RADIO.ADDRESS -> CCM.CRYPT */
    {0x40001104, 0x40008044}, /* 26: RADIO.ADDRESS -> TIMER0.CAPTURE[1] */
    {0x4000110c, 0x40008048}, /* 27: RADIO.END -> TIMER0.CAPTURE[2] */
    {0x4000b140, 0x40001000}, /* 28: RTC0.COMPARE[0] -> RADIO.TXEN */
    {0x4000b140, 0x40001004}, /* 29: RTC0.COMPARE[0] -> RADIO.RXEN */
    {0x4000b140, 0x4000800c}, /* 30: RTC0.COMPARE[0] -> TIMER0.CLEAR */
    {0x4000b140, 0x40008000}, /* 31: RTC0.COMPARE[0] -> TIMER0.START */
};

/* ---- Channels -------------------------------------------------------------------------------- */

static guest_addr event_of(const struct ppi *ppi, unsigned channel)
{
    return channel < FIRST_FIXED ? regfile_get(&ppi->regs, CH_EEP + channel * CH_EEP_STRIDE)
                                 : fixed[channel - FIRST_FIXED].event;
}

static guest_addr task_of(const struct ppi *ppi, unsigned channel)
{
    return channel < FIRST_FIXED ? regfile_get(&ppi->regs, CH_TEP + channel * CH_TEP_STRIDE)
                                 : fixed[channel - FIRST_FIXED].task;
}

static guest_addr fork_of(const struct ppi *ppi, unsigned channel)
{
    return regfile_get(&ppi->regs, FORK_TEP + channel * FORK_TEP_STRIDE);
}

static uint32_t channels_of(const struct ppi *ppi, guest_addr event)
{
    uint32_t enabled = regfile_get(&ppi->regs, CHEN);
    uint32_t channels = 0;

    for (unsigned channel = 0; enabled; channel++, enabled >>= 1) {
        if ((enabled & 1) && event_of(ppi, channel) == event)
            channels |= bit32(channel);
    }
    return channels;
}

static bool is_task(guest_addr address)
{
    return address >= APB_BASE && address < PPB_BASE && address % 0x1000 < 0x100;
}

static void trigger(struct ppi *ppi, guest_addr task)
{
    if (is_task(task)) /* deviation 4; also 0: no endpoint */
        bus_trigger(ppi->fabric->bus, task, 1);
}

static unsigned lowest(uint32_t channels)
{
    unsigned channel = 0;

    while (!(channels & bit32(channel)))
        channel++;
    return channel;
}

/* A triggered task may fire further events: they come here again and only add to `pending`. */
void ppi_publish(void *owner, guest_addr event)
{
    struct ppi *ppi = owner;

    ppi->pending |= channels_of(ppi, event) & ~ppi->fired; /* deviation 2 */
    if (ppi->in_chain)
        return;
    ppi->in_chain = true;
    while (ppi->pending) {
        unsigned channel = lowest(ppi->pending);

        ppi->pending &= ~bit32(channel);
        ppi->fired |= bit32(channel);
        trigger(ppi, task_of(ppi, channel));
        trigger(ppi, fork_of(ppi, channel));
    }
    ppi->fired = 0;
    ppi->in_chain = false;
}

/* ---- Registers ------------------------------------------------------------------------------- */

/* Three registers show one value. */
static void set_enabled(struct ppi *ppi, uint32_t channels)
{
    regfile_set(&ppi->regs, CHEN, channels);
    regfile_set(&ppi->regs, CHENSET, channels);
    regfile_set(&ppi->regs, CHENCLR, channels);
}

static uint32_t enabled_channels(const struct ppi *ppi)
{
    return regfile_get(&ppi->regs, CHEN);
}

static void chen_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    set_enabled(owner, value);
}

static void chenset_written(void *owner, unsigned index, uint32_t value)
{
    struct ppi *ppi = owner;

    (void)index;
    set_enabled(ppi, enabled_channels(ppi) | value);
}

static void chenclr_written(void *owner, unsigned index, uint32_t value)
{
    struct ppi *ppi = owner;

    (void)index;
    set_enabled(ppi, enabled_channels(ppi) & ~value);
}

static uint32_t group(const struct ppi *ppi, unsigned index)
{
    return regfile_get(&ppi->regs, CHG + index * CHG_STRIDE);
}

static void group_enable(void *owner, unsigned index, uint32_t value)
{
    struct ppi *ppi = owner;

    (void)value;
    set_enabled(ppi, enabled_channels(ppi) | group(ppi, index));
}

static void group_disable(void *owner, unsigned index, uint32_t value)
{
    struct ppi *ppi = owner;

    (void)value;
    set_enabled(ppi, enabled_channels(ppi) & ~group(ppi, index));
}

static const struct reg_hook ppi_hooks[] = {
    {TASKS_CHG_EN, group_enable, NULL}, {TASKS_CHG_DIS, group_disable, NULL},
    {CHEN, chen_written, NULL},         {CHENSET, chenset_written, NULL},
    {CHENCLR, chenclr_written, NULL},   {0, NULL, NULL},
};

const struct block_spec ppi_spec = {
    .name = "PPI",
    .base = 0x4001f000,
    .size = 0x1000,
    .irq = NO_IRQ,
    .regs = ppi_regs,
    .reg_count = ARRAY_LENGTH(ppi_regs),
    .hooks = ppi_hooks,
};

void ppi_init(struct ppi *ppi, struct fabric *fabric, const struct block_spec *spec)
{
    *ppi = (struct ppi){.fabric = fabric};
    regfile_init(&ppi->regs, spec, fabric, ppi);
}

void ppi_reset(struct ppi *ppi, enum reset_kind reason)
{
    (void)reason;
    regfile_reset(&ppi->regs);
}
