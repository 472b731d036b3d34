/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/check/transfers.h"

#include "sim/base/bits.h"
#include "sim/base/heap.h"

#include <assert.h>
#include <string.h>

/* A slot is a page of its own, so that a snapshot copies open transfers only. */
struct transfer_slot {
    struct transfer transfer;
    uint8_t rest[STATE_PAGE - sizeof(struct transfer)];
};

_Static_assert(sizeof(struct transfer_slot) == STATE_PAGE, "one slot, one page");
_Static_assert(TRANSFER_SLOTS <= 32, "`taken` is one word");

void transfers_init(struct transfers *transfers, const char *name, struct trace *trace,
                    struct state *state, const uint32_t watch[2])
{
    *transfers = (struct transfers){
        .trace = trace,
        .watch = {watch[DMA_READS_RAM], watch[DMA_WRITES_RAM]},
        .slots = heap_allocate(TRANSFER_SLOTS, sizeof(struct transfer_slot)),
        .empty = heap_allocate(TRANSFER_SLOTS, sizeof(struct transfer_slot)),
    };
    state_register_paged(state, name, transfers->slots,
                         TRANSFER_SLOTS * sizeof(struct transfer_slot), transfers->empty,
                         transfers->taken);
}

void transfers_finish(struct transfers *transfers)
{
    heap_release(transfers->slots);
    heap_release(transfers->empty);
    *transfers = (struct transfers){0};
}

static bool is_taken(const struct transfers *transfers, unsigned slot)
{
    return transfers->taken[0] & bit32(slot);
}

struct transfer *transfers_next(struct transfers *transfers, unsigned *cursor)
{
    uint32_t left = *cursor < TRANSFER_SLOTS ? transfers->taken[0] >> *cursor : 0;

    for (; left && !(left & 1); left >>= 1)
        ++*cursor;
    return left ? &transfers->slots[(*cursor)++].transfer : NULL;
}

struct transfer *transfers_find(struct transfers *transfers, uint32_t number)
{
    struct transfer *transfer;
    unsigned cursor = 0;

    while ((transfer = transfers_next(transfers, &cursor))) {
        if (transfer->number == number)
            break;
    }
    return transfer;
}

/* The lowest free slot, so that few pages are ever used. */
static struct transfer *take_slot(struct transfers *transfers)
{
    for (unsigned slot = 0; slot < TRANSFER_SLOTS; slot++) {
        if (!is_taken(transfers, slot)) {
            transfers->taken[0] |= bit32(slot);
            return &transfers->slots[slot].transfer;
        }
    }
    return NULL;
}

uint32_t transfer_evidence_size(const struct transfer *transfer)
{
    if (!transfer->in_ram)
        return 0;
    return transfer->window.size < EVIDENCE_BYTES ? transfer->window.size : EVIDENCE_BYTES;
}

bool transfer_moved_byte(const struct transfer *transfer, uint32_t offset)
{
    assert(offset < EVIDENCE_BYTES);
    return transfer->evidence.moved_map[offset / 8] >> offset % 8 & 1;
}

/* Owns `window` from now on. A window that is empty or not in RAM has no bytes to race for. */
static void own(struct transfers *transfers, struct transfer *transfer,
                const struct obs_dma_open *seen)
{
    transfer->window = seen->window;
    transfer->in_ram = seen->bytes && seen->window.size;
    transfer->watched = transfer->in_ram ? transfers->watch[transfer->direction] : 0;
    if (transfer->in_ram) {
        memcpy(transfer->evidence.at_start, seen->bytes, transfer_evidence_size(transfer));
        memcpy(transfer->evidence.now, seen->bytes, transfer_evidence_size(transfer));
    }
    if (transfer->watched)
        trace_watch(transfers->trace, transfer->window, transfer->watched);
}

void transfers_keep(struct transfers *transfers, const struct transfer *transfer)
{
    uint32_t watch = transfer->in_ram ? transfers->watch[transfer->direction] : 0;
    struct transfer *kept = watch ? take_slot(transfers) : NULL;

    if (!kept)
        return;
    memcpy(kept, transfer, sizeof *kept);
    kept->watched = watch;
    trace_watch(transfers->trace, kept->window, watch);
}

static void disown(struct transfers *transfers, struct transfer *transfer)
{
    if (transfer->watched)
        trace_unwatch(transfers->trace, transfer->window, transfer->watched);
    transfer->watched = 0;
}

struct transfer *transfers_open(struct transfers *transfers, const struct observation *opened)
{
    struct transfer *transfer = take_slot(transfers);
    const struct obs_dma_open *open = &opened->dma_open;

    if (!transfer)
        return NULL;
    transfer->number = open->transfer;
    transfer->channel = open->channel;
    transfer->direction = (uint8_t)open->direction;
    transfer->trigger = (uint8_t)open->trigger;
    transfer->ptr_kept = open->ptr_kept;
    transfer->chained = open->chained;
    transfer->opened = opened->when;
    transfer->captured = SIM_TIME_NEVER;
    transfer->first_word = SIM_TIME_NEVER;
    transfer->last_word = SIM_TIME_NEVER;
    transfer->ended = SIM_TIME_NEVER;
    transfer->released = SIM_TIME_NEVER;
    trace_site(transfers->trace, &transfer->start);
    own(transfers, transfer, open);
    return transfer;
}

void transfers_capture(struct transfers *transfers, struct transfer *transfer,
                       const struct observation *captured)
{
    struct byte_range window = captured->dma_open.window;

    transfer->captured = captured->when;
    if (window.start == transfer->window.start && window.size == transfer->window.size)
        return;
    disown(transfers, transfer);
    memset(&transfer->evidence, 0, sizeof transfer->evidence);
    own(transfers, transfer, &captured->dma_open);
}

void transfers_word(struct transfers *transfers, struct transfer *transfer,
                    const struct observation *word)
{
    const struct obs_dma_word *moved = &word->dma_word;
    uint32_t offset = moved->address - transfer->window.start;

    if (transfer->first_word == SIM_TIME_NEVER)
        transfer->first_word = word->when;
    transfer->last_word = word->when;
    transfer->moved += moved->size;
    for (uint32_t i = 0; i < moved->size; i++, offset++) {
        if (offset < transfer_evidence_size(transfer)) {
            transfer->evidence.moved[offset] = moved->bytes[i];
            transfer->evidence.moved_map[offset / 8] |= (uint8_t)(1u << offset % 8);
        }
    }
    if (moved->direction == DMA_WRITES_RAM)
        transfers_ram_written(transfers, moved->address, moved->bytes, moved->size);
}

void transfers_ram_written(struct transfers *transfers, guest_addr address, const uint8_t *bytes,
                           uint32_t size)
{
    struct transfer *transfer;
    unsigned cursor = 0;

    while ((transfer = transfers_next(transfers, &cursor))) {
        for (uint32_t i = 0; i < size; i++) {
            uint32_t offset = address + i - transfer->window.start;

            if (offset < transfer_evidence_size(transfer))
                transfer->evidence.now[offset] = bytes[i];
        }
    }
}

void transfers_close(struct transfers *transfers, struct transfer *transfer)
{
    struct transfer_slot *slot = (struct transfer_slot *)transfer;

    disown(transfers, transfer);
    memset(slot, 0, sizeof *slot);
    transfers->taken[0] &= ~bit32((unsigned)(slot - transfers->slots));
}

void transfers_forget(struct transfers *transfers)
{
    memset(transfers->slots, 0, TRANSFER_SLOTS * sizeof *transfers->slots);
    transfers->taken[0] = 0;
}
