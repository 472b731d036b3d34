/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registers of workarounds, in no manual (nRF52840 Errata).
 *
 * Deviations:
 *   1. They are stored, and have no effect beyond that: what they mend is not broken here. RAM
 *      given to SPIM3 is the exception (spim.c, erratum 198).
 *   2. Register 0xFFC of each block (POWER, as drivers know it) resets the block when 0 is written;
 *      a block that is off answers all the same.
 */
#include "sim/periph/workarounds.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/mem/map.h"

#include <stdio.h>
#include <string.h>

static const struct workaround_register list[] = {
#define WORKAROUND(address_, reset_, erratum_, brief_)                                             \
    {.address = (address_), .reset = (reset_), .erratum = (erratum_), .brief = (brief_)},
#include "sim/periph/workarounds.def"
#undef WORKAROUND
};

enum { POWER = 0xffc, PAGE_BITS = 12, PAGES = 48 };

const struct workaround_register *workaround_register(unsigned index)
{
    return index < ARRAY_LENGTH(list) ? &list[index] : NULL;
}

/* Where the value of the register at `address` is kept; NULL: it is none of these. */
static uint32_t *word_at(struct workarounds *workarounds, guest_addr address)
{
    for (unsigned i = 0; i < ARRAY_LENGTH(list); i++) {
        if (list[i].address == (address & ~3u))
            return &workarounds->state.word[i];
    }
    return NULL;
}

/* POWER and CLOCK at page 0 cannot switch themselves off; NVMC and PPI have no such register. */
static bool is_power(guest_addr address)
{
    unsigned page = (address - APB_BASE) >> PAGE_BITS;

    return address >= APB_BASE && page < PAGES && page != 0 && page != 0x1e && page != 0x1f &&
           (address & 0xfff) == POWER;
}

static uint64_t power_bit(guest_addr address)
{
    return (uint64_t)1 << ((address - APB_BASE) >> PAGE_BITS);
}

static bool look(void *owner, uint32_t address, unsigned size, uint32_t *value)
{
    struct workarounds *workarounds = owner;
    const uint32_t *word = word_at(workarounds, address);

    if (is_power(address)) {
        *value = !(workarounds->state.off & power_bit(address));
        return true;
    }
    if (!word)
        return false;
    *value = extract32(*word, 8 * (address & 3), 8 * size);
    return true;
}

static void switch_block(struct workarounds *workarounds, guest_addr address, bool on)
{
    uint64_t bit = power_bit(address);
    bool was_on = !(workarounds->state.off & bit);

    workarounds->state.off = on ? workarounds->state.off & ~bit : workarounds->state.off | bit;
    if (was_on && !on && workarounds->power_cycle)
        workarounds->power_cycle(workarounds->owner, address & ~(guest_addr)0xfff);
}

static bool write(void *owner, uint32_t address, unsigned size, uint32_t value)
{
    struct workarounds *workarounds = owner;
    uint32_t *word = word_at(workarounds, address);

    if (is_power(address)) {
        switch_block(workarounds, address, value & 1);
        return true;
    }
    if (!word)
        return false;
    *word = deposit32(*word, 8 * (address & 3), 8 * size, value);
    return true;
}

static bool name(void *owner, uint32_t address, char *text, size_t room)
{
    if (!is_power(address) && !word_at(owner, address))
        return false;
    (void)snprintf(text, room, "WORKAROUND[0x%03x]", (unsigned)(address & 0xfff));
    return true;
}

static const struct bus_ops ops = {.read = look, .write = write, .peek = look, .name = name};

void workarounds_init(struct workarounds *workarounds, struct fabric *fabric)
{
    *workarounds = (struct workarounds){.power_cycle = NULL};
    state_register(fabric->state, "WORKAROUNDS", &workarounds->state, sizeof workarounds->state);
    bus_fall_back(fabric->bus, &ops, workarounds);
}

void workarounds_reset(struct workarounds *workarounds, enum reset_kind reason)
{
    (void)reason;
    workarounds->state.off = 0;
    for (unsigned i = 0; i < ARRAY_LENGTH(list); i++)
        workarounds->state.word[i] = list[i].reset;
}
