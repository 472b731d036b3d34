/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walker's eyes and mouth, inside sim/explore: it sees the trace stream, answers the questions
 * of the machine, and knows what is postponed.
 */
#ifndef SIM_EXPLORE_WATCHER_H
#define SIM_EXPLORE_WATCHER_H

#include "sim/base/rng.h"
#include "sim/explore/walker.h"

enum watch_tag { WATCH_FROM = 0x100, WATCH_TO = 0x101 }; /* of cpu_mark_call */

enum {
    OPEN_MAX = 8,
    CONTEXTS_MAX = 12,
    VISITS = 64,
    TRACKS = 4,
    LAST_USES = 32,
    REFERENCE_MAX = 1024
};

/* What EasyDMA works on. */
struct track {
    uint32_t transfer; /* 0: nothing */
    uint32_t direction;
    struct byte_range window;
    uint32_t moved;
    guest_addr pc; /* of the store that started it */
};

/* Who used a word of RAM last, of those who share it. */
struct last_use {
    guest_addr word;
    guest_addr thread; /* PC; 0: it has not */
    guest_addr handler;
    uint32_t stored; /* bit 1: the thread's was a store; bit 0: the handler's */
};

/* A question whose answer is still open: its event is scheduled as late as allowed. */
struct open_question {
    sim_time base; /* the answer counts from here */
    uint32_t number;
    uint32_t lowest;
    uint32_t highest; /* what was answered for now */
    uint16_t point;
    uint16_t instance;
    uint32_t track; /* DMA: index */
    uint32_t event; /* insertion number of what is scheduled with the answer */
};

/* Plain state, one registered region without padding. */
struct watch_state {
    uint64_t wire;       /* fingerprint of all answers so far */
    uint64_t data;       /* of the transfer under way */
    uint64_t packet;     /* the latest data packet of the device */
    uint64_t request;    /* the latest SETUP packet */
    sim_time differed;   /* when `differs` was set */
    sim_time progressed; /* when the control transfer under way last did */
    struct open_question open[OPEN_MAX];
    struct track track[TRACKS];
    struct track past[TRACKS]; /* that are over */
    struct last_use last[LAST_USES];
    struct {
        uint32_t exception;
        guest_addr stack; /* SP at its entry */
    } context[CONTEXTS_MAX];
    struct {
        guest_addr pc;
        uint32_t count;
    } visit[VISITS];
    uint32_t opens;
    uint32_t contexts;
    uint32_t latest;      /* track of the latest DMA observation */
    uint32_t transfers;   /* that ended, of pipes */
    uint32_t deviations;  /* of the host, other than usual */
    uint32_t armed;       /* interrupts can come: before, nobody shares anything */
    uint32_t under_way;   /* a control transfer is */
    uint32_t differs;     /* an answer was another one than in the reference run */
    uint32_t given_up;    /* ... none: the host lost patience */
    uint32_t preemptions; /* so far; counted where they are bounded */
    uint32_t set_up;      /* SETUP packets since the last transfer ended */
    uint32_t expects_setup;
    uint32_t burst; /* EasyDMA goes on without delay, on track `burst` - 1 */
    uint32_t pasts; /* ended so far */
    uint32_t
        shifted; /* the latest token that was waited for came so many places of a frame later */
    uint32_t through; /* until this word has moved; 0: to its end; 1: until it captured */
};

/* What the reference run was answered. */
struct reference {
    uint32_t count;
    struct {
        uint64_t request;
        uint64_t answer;
    } pair[REFERENCE_MAX];
};

/* Why the CPU's last access may be a decision. */
enum access_flag {
    ACCESS_OPENS = 1,      /* a transfer was started */
    ACCESS_USBD = 2,       /* registers that events of host and EasyDMA change */
    ACCESS_DESCRIPTOR = 4, /* registers that EasyDMA captures */
    ACCESS_SHARED = 8,     /* another context uses it */
    ACCESS_NONE = 32,      /* there was none: something has just become possible */
    ACCESS_CONTENDED = 16, /* bytes EasyDMA has to move */
    ACCESS_WAITS = 64,     /* the last of the rounds of a loop that are looked at */
};

struct watcher {
    struct machine *machine;
    const struct walker_options *options;
    const struct sharing *known;
    struct sharing *learned;
    struct reference *reference;
    struct story *story;
    guest_addr stack_top;
    bool plain;     /* answer as usual, stop for nothing but the window */
    bool to_window; /* plain, but the end of the window ends it */
    bool referring; /* answers become the reference */
    /* Of the present stop. */
    bool asleep;
    bool resumed;       /* the next sleep was decided about already */
    uint32_t committed; /* insertion number + 1 of the event that is to end it */
    bool window_over;
    uint32_t entries; /* of `from` */
    uint32_t access;  /* enum access_flag, or-ed */
    guest_addr access_pc;
    /* Of the present step. */
    double raw;
    struct {
        sim_time from;            /* when it was decided; what it stands for begins here */
        sim_time latest;          /* ... and ends here at the latest */
        struct byte_range window; /* EasyDMA: the CPU's next access to it, or to its registers, ends
                                     it as well */
        uint32_t steps;           /* of EasyDMA, one behind the other; 0: nothing is taken */
        bool asleep;
    } taken;
    const struct choice_answer *forced;
    unsigned forced_count;
    uint32_t retros;
    struct retro retro[RETRO_MAX];
    uint32_t lost;
    uint32_t strayed; /* forced answers beyond the bounds, to questions of another kind */
    uint32_t *usual;  /* what is usually answered to each forced question, once it was asked */
    bool by_chance;   /* what could be answered otherwise sometimes is */
    struct rng chance;
    uint32_t answers;
    uint32_t overflow;
    struct choice_answer *answer; /* LOG_MAX */
    struct watch_state state;
};

void watcher_attach(struct watcher *watcher, struct machine *machine,
                    const struct walker_options *options, const struct sharing *known,
                    struct sharing *learned);
void watcher_release(struct watcher *watcher);

/* Behind machine_power_on. */
void watcher_power_on(struct watcher *watcher);

/* A step begins: its log is empty. */
void watcher_begin(struct watcher *watcher, const struct choice_answer *forced, unsigned count);

/* The state was put back. */
void watcher_restored(struct watcher *watcher);

/* When something open that cannot happen yet becomes possible; SIM_TIME_NEVER: nothing is open that
 * is not possible already. And: that moment has come. */
sim_time watcher_next_ready(const struct watcher *watcher);
void watcher_ready(struct watcher *watcher);

/* What may happen at the present stop, into `walk`. Forgets what is not open any more. */
void watcher_branches(struct watcher *watcher, struct walk *walk);

/* Lets `branch` happen when the machine goes on. */
void watcher_take(struct watcher *watcher, const struct branch *branch);

/* What was taken last stands for all instants up to now: counts them. */
void watcher_count(struct watcher *watcher);

/* What of its state makes a difference for what follows. */
uint64_t watcher_hash(const struct watcher *watcher);

/* Of all that the host has received, of the transfer under way too. */
uint64_t watcher_wire(const struct watcher *watcher);

struct slack watcher_slack(const struct watcher *watcher);

/* What the CPU executes now: 0 thread, else the exception; and whether another context uses what
 * `access` uses. */
unsigned watcher_context(const struct watcher *watcher);
bool watcher_shares(const struct watcher *watcher, const struct obs_access *access, bool store);

/* ---- accesses.c: what the CPU does -------------------------------------------------------------
 */

void watcher_see_access(struct watcher *watcher, const struct obs_access *access, bool store);
void watcher_see_register(struct watcher *watcher, const struct obs_mmio *mmio, bool write);

/* Makes the access to `address` by the instruction at `pc` a decision: of enum access_flag. */
void watcher_stop_behind(struct watcher *watcher, guest_addr pc, guest_addr address,
                         uint32_t flags);

/* ---- tracks.c: what EasyDMA does --------------------------------------------------------------
 */

void watcher_see_open(struct watcher *watcher, const struct observation *seen);
void watcher_see_word(struct watcher *watcher, const struct obs_dma_word *word);
void watcher_see_close(struct watcher *watcher, const struct obs_dma_close *close);

/* ---- questions.c: what is answered ------------------------------------------------------------
 */

uint32_t watcher_answer(void *owner, struct chooser *chooser, const struct choice *choice);

/* ---- ordering.c: what came before what --------------------------------------------------------
 */

/* An access of the CPU; `shared`: of a word that thread and handlers share. */
void watcher_note_order(struct watcher *watcher, const struct obs_access *access, bool store,
                        bool shared);
void watcher_keep_past(struct watcher *watcher, const struct track *track);
void watcher_forget_past(struct watcher *watcher, const struct track *track);

/* ---- answers.c: what the host receives --------------------------------------------------------
 */

void watcher_see_packet(struct watcher *watcher, const struct obs_usb_packet *packet);
void watcher_see_host(struct watcher *watcher, const struct obs_host *host);

#endif
