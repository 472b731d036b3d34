/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SPIM3, erratum 198: it sends wrong bytes when the CPU or another master uses the block of RAM it
 * sends from. Drivers give it the block: bit n of 0x40000E00 stands for 8 KiB from 0x20000000 +
 * 8 KiB * n, bit 8 for all from 0x20010000 on.
 *
 * Deviations:
 *   1. On silicon accesses have to meet; here any access since the byte before was fetched spoils
 *      the next one: it goes out inverted. Fetches of instructions do not count.
 */
#include "sim/periph/spim_parts.h"

#include "sim/base/bits.h"
#include "sim/mem/map.h"

enum { SPIM3 = 3, BLOCK_SIZE = 0x2000, SMALL_BLOCKS = 8 };
enum { BIG_BLOCK = RAM_BASE + SMALL_BLOCKS * BLOCK_SIZE, RESERVED = 0x40000e00 };

static bool has_erratum(const struct spim *spim)
{
    return spim->number == SPIM3 && silicon_has(&spim->regs.fabric->silicon, ERRATUM_198);
}

static unsigned block_of(guest_addr address)
{
    return address >= BIG_BLOCK ? SMALL_BLOCKS : (address - RAM_BASE) / BLOCK_SIZE;
}

static guest_addr end_of_block(unsigned block)
{
    return block == SMALL_BLOCKS ? RAM_BASE + RAM_SIZE : RAM_BASE + (block + 1) * BLOCK_SIZE;
}

/* Those of the blocks that `window` lies in, from the first to the last that is not reserved. */
static struct byte_range open_blocks(const struct spim *spim, struct byte_range window)
{
    unsigned first = block_of(window.start);
    unsigned last = block_of(window.start + window.size - 1);
    uint32_t reserved = 0;

    (void)bus_peek(spim->regs.fabric->bus, RESERVED, 4, &reserved);
    while (first <= last && reserved & bit32(first))
        first++;
    while (last > first && reserved & bit32(last))
        last--;
    if (first > last)
        return (struct byte_range){0, 0};
    return (struct byte_range){RAM_BASE + first * BLOCK_SIZE,
                               end_of_block(last) - (RAM_BASE + first * BLOCK_SIZE)};
}

static bool is_own(const struct spim *spim, const struct obs_dma_word *word)
{
    const struct easydma *dma = spim->regs.fabric->easydma;

    return word->transfer == easydma_transfer_number(dma, spim->tx) ||
           word->transfer == easydma_transfer_number(dma, spim->rx);
}

static void see(void *owner, const struct observation *seen)
{
    struct spim *spim = owner;
    bool by_dma = seen->kind == OBS_DMA_WORD;
    struct byte_range used = by_dma
                                 ? (struct byte_range){seen->dma_word.address, seen->dma_word.size}
                                 : (struct byte_range){seen->access.address, seen->access.size};

    if (ranges_overlap(spim->state.blocks, used) && !(by_dma && is_own(spim, &seen->dma_word)))
        spim->state.disturbed = true;
}

void spim_collision_init(struct spim *spim)
{
    if (has_erratum(spim))
        trace_subscribe(spim->regs.fabric->trace,
                        TRACE_KIND(CPU_STORE) | TRACE_KIND(CPU_LOAD) | TRACE_KIND(DMA_WORD), see,
                        spim);
}

void spim_collision_begin(struct spim *spim, struct byte_range window)
{
    if (!has_erratum(spim) || !window.size || !memory_is_data_ram(window))
        return;
    spim->state.blocks = open_blocks(spim, window);
    if (spim->state.blocks.size)
        trace_watch(spim->regs.fabric->trace, spim->state.blocks, WATCH_STORES | WATCH_LOADS);
}

void spim_collision_end(struct spim *spim)
{
    if (spim->state.blocks.size)
        trace_unwatch(spim->regs.fabric->trace, spim->state.blocks, WATCH_STORES | WATCH_LOADS);
    spim->state.blocks = (struct byte_range){0, 0};
}

bool spim_collision_spoils(struct spim *spim)
{
    bool spoiled = spim->state.disturbed;

    spim->state.disturbed = false;
    return spoiled;
}
