/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EasyDMA: every transfer between RAM and a peripheral in the chip (PS v1.7, 6.1.7 EasyDMA).
 *
 * A start only schedules. PTR and MAXCNT are captured some cycles later, then words move one at a
 * time, each reading or writing RAM at its own instant, then AMOUNT and the END event follow. When
 * each of these happens is a choice point: no public document says.
 *
 * Everything a detector needs (open, capture, word, close, observed) is reported from here, so that
 * a new peripheral is race-checked from its first day.
 */
#ifndef SIM_PERIPH_EASYDMA_H
#define SIM_PERIPH_EASYDMA_H

#include "sim/periph/regfile.h"

enum { EASYDMA_CHANNELS = 96 };

/* What a block does at the far side of a channel. All are called with the block's owner. */
struct easydma_ops {
    /* STARTED: PTR and MAXCNT are captured. May be NULL. */
    void (*started)(void *owner, unsigned index);
    /* `size` bytes at `offset` of the transfer arrived from RAM. NULL for channels that write. */
    void (*receive)(void *owner, unsigned index, uint32_t offset, const uint8_t *bytes,
                    uint32_t size);
    /* Supplies `size` bytes, zeros so far, at `offset` of the transfer. NULL for channels that read
     * RAM. */
    void (*supply)(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t size);
    /* The last word has moved, AMOUNT is set and the channel is idle; raise END here. Never NULL.
     */
    void (*ended)(void *owner, unsigned index, uint32_t amount);
};

/* One channel, constant. Offsets are into the block's register file. */
struct easydma_channel {
    struct dma_channel_name name;
    enum dma_direction direction;
    unsigned index; /* the block's own number for it, given back to the ops */
    uint16_t ptr;
    uint16_t maxcnt;
    uint16_t amount;
    uint16_t end_event;  /* reading it as non-zero observes the completion */
    uint32_t count_mask; /* bits of MAXCNT that exist */
    uint32_t unit;       /* bytes that one count stands for */
};

/* Plain state of one channel. */
struct easydma_transfer {
    uint32_t number;  /* transfer number while open (started and not yet observed), else 0 */
    uint8_t running;  /* the engine still works on it */
    uint8_t captured; /* PTR and MAXCNT are latched */
    uint8_t ended;    /* the END event was raised and not yet observed */
    uint8_t stale;    /* the END event was set already, so reading it tells nothing */
    uint8_t trigger;  /* enum dma_trigger */
    uint8_t unused[3];
    struct byte_range window;
    uint32_t moved;      /* bytes moved so far */
    guest_addr pc;       /* where the CPU was at the start */
    guest_addr released; /* event of easydma_release, or 0 */
};

/* One for the whole chip. */
struct easydma {
    struct fabric *fabric;
    struct easydma_transfer transfer[EASYDMA_CHANNELS]; /* plain state, one registered region */
    /* Wiring. */
    unsigned count;
    struct {
        struct easydma_channel channel;
        struct regfile *regs;
        const struct easydma_ops *ops;
        void *owner;
        uint16_t trace_channel;
    } wiring[EASYDMA_CHANNELS];
};

void easydma_init(struct easydma *dma, struct fabric *fabric);

/* Drops all transfers, as easydma_abort does. */
void easydma_reset(struct easydma *dma, enum reset_kind reason);

/* Adds a channel; returns its handle. */
unsigned easydma_add(struct easydma *dma, struct regfile *regs, struct easydma_channel channel,
                     const struct easydma_ops *ops, void *owner);

/*
 * Starts the channel: opens a window and schedules the rest. Whether a transfer of the same engine
 * is running is for the block to check first (easydma_running); the channel itself must not be.
 * A window outside Data RAM is reported as misuse; then zeros are read and writes are lost.
 * A transfer of the channel that ended but was never observed is closed by the start: reported as
 * OBS_DMA_OBSERVED with `event` 0, because no later reading can tell the two apart.
 */
void easydma_start(struct easydma *dma, unsigned channel, enum dma_trigger trigger);

/* The engine drops the transfer (reset or disable of the block). No END event. */
void easydma_abort(struct easydma *dma, unsigned channel);

bool easydma_running(const struct easydma *dma, unsigned channel);

/*
 * The CPU read, as non-zero, an event that implies the channel's end: the window is the CPU's
 * again. Called by the read path of END events by itself, unless the event was still set from
 * before when the transfer ended; blocks call it for events that imply it (EP0DATADONE). Has no
 * effect unless the transfer has ended.
 */
void easydma_observed(struct easydma *dma, unsigned channel, guest_addr event);

/*
 * The CPU read, as non-zero, an event after which nobody waits for the end of the channel's open
 * transfer (USBRESET): the window is the CPU's again as soon as the engine has stopped.
 */
void easydma_release(struct easydma *dma, unsigned channel, guest_addr event);

/* Number of the channel's open transfer, 0 if none. */
uint32_t easydma_transfer_number(const struct easydma *dma, unsigned channel);

/* As easydma_transfer_number, and 0 as well while the engine still works on it. */
uint32_t easydma_ended_number(const struct easydma *dma, unsigned channel);

#endif
