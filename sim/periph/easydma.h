/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EasyDMA: every transfer between RAM and a peripheral in the chip (PS v1.7, 6.1.7 EasyDMA).
 *
 * A start only schedules. PTR and MAXCNT are captured some cycles later, then words move one at a
 * time, each reading or writing RAM at its own instant, then AMOUNT and the END event follow. When
 * each of these happens is a choice point: no public document says. A block with a pace of its own,
 * the bits of a wire for instance, asks for each byte when it needs one or has one to give.
 *
 * PTR and MAXCNT are free again behind STARTED (they are double-buffered): what the engine owns is
 * the window it captured.
 *
 * Everything a detector needs (open, capture, word, close, observed) is reported from here, so that
 * a new peripheral is race-checked from its first day.
 */
#ifndef SIM_PERIPH_EASYDMA_H
#define SIM_PERIPH_EASYDMA_H

#include "sim/periph/regfile.h"

enum {
    EASYDMA_CHANNELS = 96,
    EASYDMA_TELLS = 6, /* events besides the end event that tell the end of a channel */
    EASYDMA_PAST = 16, /* transfers that ended, are not observed, and whose channel went on */
};

/* What a block does at the far side of a channel. All are called with the block's owner. */
struct easydma_ops {
    /* The window that `pointer` describes, for channels without MAXCNT; else NULL. Asked at the
     * start and at the capture. */
    struct byte_range (*window)(void *owner, unsigned index, guest_addr pointer);
    /* STARTED: PTR and MAXCNT are captured. A paced channel asks for its first bytes here. May be
     * NULL. */
    void (*started)(void *owner, unsigned index);
    /* `size` bytes at `offset` of the transfer arrived from RAM. NULL for channels that write. */
    void (*receive)(void *owner, unsigned index, uint32_t offset, const uint8_t *bytes,
                    uint32_t size);
    /* Supplies `size` bytes, zeros so far, at `offset` of the transfer. NULL for channels that read
     * RAM. */
    void (*supply)(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t size);
    /* The last word has moved, or there was none to move. The block ends the transfer when its own
     * side is done (easydma_end). NULL: the transfer ends at once. */
    void (*drained)(void *owner, unsigned index);
    /* AMOUNT is set and the channel is idle; raise END here. Never NULL. */
    void (*ended)(void *owner, unsigned index, uint32_t amount);
};

/* One channel, constant. Offsets are into the block's register file. */
struct easydma_channel {
    struct dma_channel_name name;
    enum dma_direction direction;
    unsigned index; /* the block's own number for it, given back to the ops */
    uint16_t ptr;
    uint16_t maxcnt;        /* 0: the channel has none, ops->window knows */
    uint16_t amount;        /* 0: the channel has none */
    uint16_t list;          /* 0: the channel has no array list */
    uint16_t end_event;     /* reading it as non-zero observes the completion */
    uint16_t started_event; /* reading it as non-zero tells of the capture; 0: it has none */
    uint32_t count_mask;    /* bits of MAXCNT that exist */
    uint32_t unit;          /* bytes that one count stands for */
    /* Events that imply the end, such as STOPPED: read as non-zero they observe it, too. 0: none.
     */
    uint16_t tells[EASYDMA_TELLS];
    bool paced;     /* words move when the block asks for them (easydma_request) */
    bool latched;   /* the start task itself captures PTR and MAXCNT */
    bool chained;   /* hardware keeps it in step with chained transfers of other blocks */
    bool anew;      /* a start while it runs begins anew: the end event is then of no interest */
    uint32_t least; /* cycles from the start to the end event, whatever the timing */
};

/* Plain state of one transfer. */
struct easydma_transfer {
    uint32_t number;  /* transfer number while open (started and not yet observed), else 0 */
    uint8_t running;  /* the engine still works on it */
    uint8_t captured; /* PTR and MAXCNT are latched */
    uint8_t ended;    /* the END event was raised and not yet observed */
    uint8_t stale;    /* bit 0: the end event, bit n: tells[n - 1], was set already when it ended,
                         so that reading it tells nothing */
    uint8_t trigger;  /* enum dma_trigger */
    uint8_t moving;   /* a word, or the end, is on its way */
    uint16_t channel;
    struct byte_range window;
    uint32_t moved;      /* bytes moved so far */
    uint32_t requested;  /* paced: bytes the block has asked for so far */
    guest_addr pc;       /* where the CPU was at the start */
    guest_addr released; /* event of easydma_release, or 0 */
    uint32_t start_seen; /* the CPU knows of the capture */
    sim_time capture_by; /* PTR and MAXCNT are captured then, whatever the timing */
};

/* One for the whole chip. */
struct easydma {
    struct fabric *fabric;
    /* Plain state, one registered region. */
    struct easydma_state {
        struct easydma_transfer transfer[EASYDMA_CHANNELS]; /* the latest of each channel */
        struct easydma_transfer past[EASYDMA_PAST];         /* oldest first */
        uint8_t ptr_used[EASYDMA_CHANNELS]; /* PTR was not written since a start has used it */
    } state;
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

/* As easydma_reset, for the blocks at `base`. */
void easydma_reset_base(struct easydma *dma, guest_addr base);

/* Adds a channel; returns its handle. */
unsigned easydma_add(struct easydma *dma, struct regfile *regs, struct easydma_channel channel,
                     const struct easydma_ops *ops, void *owner);

/*
 * Starts the channel: opens a window and schedules the rest. Whether a transfer of the same engine
 * is running is for the block to check first (easydma_running); the channel itself must not be.
 * A window outside Data RAM is reported as misuse; then zeros are read and writes are lost.
 *
 * A transfer of the channel that ended but was never observed is closed by a start of the CPU:
 * reported as OBS_DMA_OBSERVED with `event` 0, because no later reading can tell the two apart. A
 * start by shortcut or PPI leaves it open, unless it goes to the same bytes: the CPU had no chance
 * to look in between, and the end event it reads later is that of the first.
 */
void easydma_start(struct easydma *dma, unsigned channel, enum dma_trigger trigger);

/* Paced channels, behind STARTED: the block is ready for `bytes` more, or has them to give. They
 * move soon, each at its own instant; what goes beyond MAXCNT is left unmoved. */
void easydma_request(struct easydma *dma, unsigned channel, uint32_t bytes);

/* The channel's window, as captured, and the bytes of it. */
struct byte_range easydma_window(const struct easydma *dma, unsigned channel);
uint32_t easydma_size(const struct easydma *dma, unsigned channel);

/* Bytes that were asked for and have not moved yet. */
uint32_t easydma_outstanding(const struct easydma *dma, unsigned channel);

/* `size` bytes is how long the captured window really is, as its content turned out to say. */
void easydma_resize(struct easydma *dma, unsigned channel, uint32_t size);

/* The CPU read, as non-zero, an event that tells it that the first `bytes` of the latest
 * transfer have moved: they are the CPU's again. */
void easydma_known(struct easydma *dma, unsigned channel, uint32_t bytes);

/* The block ends the running transfer with what has moved so far: AMOUNT, then ops->ended. */
void easydma_end(struct easydma *dma, unsigned channel);

/* The engine drops the transfer (reset or disable of the block). No END event. */
void easydma_abort(struct easydma *dma, unsigned channel);

bool easydma_running(const struct easydma *dma, unsigned channel);

/*
 * The CPU read something, besides the STARTED event, that tells it of the capture of the channel's
 * open transfer. Has no effect unless PTR and MAXCNT are captured.
 */
void easydma_start_seen(struct easydma *dma, unsigned channel);

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

/* The channel is chained, and a chained transfer of another block is still to write a byte of
 * `range`. */
bool easydma_is_awaited(const struct easydma *dma, unsigned channel, struct byte_range range);

/* PTR and MAXCNT of the running transfer were captured. */
bool easydma_captured(const struct easydma *dma, unsigned channel);

/* Number of the channel's latest transfer if it is open, else 0. */
uint32_t easydma_transfer_number(const struct easydma *dma, unsigned channel);

/* As easydma_transfer_number, and 0 as well while the engine still works on it. */
uint32_t easydma_ended_number(const struct easydma *dma, unsigned channel);

#endif
