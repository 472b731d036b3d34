/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the target share. Nobody else includes this.
 *
 *     target.c   restarting, registers, memory
 *     images.c   building, `load`, names
 *     hand.c     what is changed by hand
 *     points.c   breakpoints and watchpoints
 *     stops.c    everything that can be a reason to stop: hits
 *     motion.c   forwards: running, stepping, coming to rest
 *     past.c     snapshots, and going where they lead
 *     back.c     backwards: steps, stops, times
 *     kept.c     places that are kept under a name
 *     review.c   running the past again for somebody who watches
 *     origin.c   who wrote what, and the way of a packet's bytes
 */
#ifndef SIM_DEBUG_TARGET_STATE_H
#define SIM_DEBUG_TARGET_STATE_H

#include "sim/debug/target.h"

/*
 * A moment of the run where the machine may rest. Of one point of time there are two: before what
 * is due then was done (the CPU may be asleep), and with the CPU about to execute an instruction,
 * everything due done and interrupts taken. There is at most one instruction a cycle.
 */
struct position {
    sim_time when;
    bool at_instruction;
};

static inline bool is_before(struct position a, struct position b)
{
    return a.when < b.when || (a.when == b.when && a.at_instruction < b.at_instruction);
}

/* Something that stops the machine when it runs. */
struct hit {
    enum halt halt;
    sim_time when;              /* of the instruction that did it, or that is at the breakpoint */
    guest_addr pc;              /* of that instruction, if it is one that did it */
    guest_addr address;         /* WATCHPOINT */
    enum watchpoint_kind watch; /* WATCHPOINT */
    bool by_engine;             /* EasyDMA did it */
    bool undo;                  /* the machine is to rest before the instruction, not behind it */
};

/* What is done with hits. */
enum heed {
    HEED_NOTHING,    /* going to a known place */
    HEED_THE_FIRST,  /* running: it stops there */
    HEED_THE_LATEST, /* looking for it, in a run that is done again */
};

/* The list of snapshots, ascending. */
struct past {
    struct remembered {
        struct position at;
        struct snapshot *snapshot;
        uint64_t executed; /* instructions since reset */
        bool edited; /* the machine was changed by hand here: what is before leads elsewhere */
    } * moments;
    unsigned count;
    unsigned room;
    struct near { /* one more, close before the latest place gone to: the next is close to it */
        struct position at;
        struct snapshot *snapshot; /* memory to be used again */
        bool valid;
    } near;
    size_t bytes;
    size_t bytes_limit;
    uint64_t pace; /* instructions from one to the next; grows when memory is used up */
};

/* A place that was kept under a name. */
struct kept {
    struct position at;
    struct snapshot *snapshot;
    unsigned build;
    bool connected; /* what led to it is the known past */
    struct kept *next;
};

struct points {
    guest_addr *breakpoints;   /* ascending, each once */
    uint8_t *breakpoint_kinds; /* in the same order: enum breakpoint_kind, or-ed */
    unsigned breakpoint_count;
    struct cpu_watch *watches;
    enum watchpoint_kind *watch_kinds; /* in the same order */
    unsigned watch_count;
};

/* Who wants to see what is written while a part of the past runs again. */
struct witness {
    void *owner;
    void (*wrote)(void *owner, struct byte_range range, enum writer_kind kind); /* points.watches */
    void (*moved)(void *owner, const struct observation *word);                 /* DMA_WORD */
    void (*opened)(void *owner, const struct observation *opened);              /* DMA_OPEN */
};

struct target {
    struct plan plan;
    struct checked_options checked;
    char **images; /* paths, absolute: those of `plan` */
    struct machine *machine;
    struct checker *checker;
    struct machine *next; /* takes over with the next restart; NULL: none */
    struct report_options report;
    uint8_t *flash; /* what `load` made of it; NULL: as in the images */

    /* Registered with the machine's state, so that it goes back with it. */
    struct target_counts {
        uint64_t printed;    /* bytes the firmware printed */
        uint64_t host_lines; /* the host said */
        uint8_t last_token;  /* PID of the latest token */
        uint8_t unused[7];
        struct target_packet packets[2]; /* by enum usb_sender: the latest with content */
    } counts;
    uint64_t shown;      /* of what was printed, bytes the debugger has got */
    uint64_t heard;      /* of what the host said, lines the debugger has got */
    struct text console; /* not shown yet */
    struct text story;

    struct points points;
    struct past past;
    struct kept *kept; /* all of them */
    struct stop_choice {
        bool on;
        int which;
    } stops[STOP_REASONS];
    sim_time told;    /* what the instruction then does was told before it is done */
    unsigned returns; /* from handlers, seen so far */
    struct entry {
        unsigned number; /* an exception whose entry is looked for; 0: none */
        unsigned from;   /* what it interrupted */
    } entry;
    unsigned faults; /* seen so far: tells a lock-up from a fault that comes at once */
    const struct witness *witness; /* of the run under way; NULL: none */

    struct halt_report halted;
    struct position halted_at;
    sim_time halted_by; /* what happened then is behind the machine; going back is not to find it */

    unsigned build; /* how many did: what was kept is of one of them */
    bool unknown;   /* what is in flash is of no image we know: there are no names */
    bool unknown_told;
    bool hears_host; /* what the host says goes to the console */
    bool into_interrupts;
    bool edited; /* since it last ran */

    /* Of the motion under way. */
    enum motion motion;
    struct byte_range range;
    struct position start;
    enum heed heed;
    struct hit hit;
    sim_time until;      /* HEED_THE_LATEST: only what is before counts */
    bool resting;        /* it is to halt at the next instruction, whatever it is */
    bool everywhere;     /* each instruction is asked for */
    bool at_instruction; /* the machine halted by our word before an instruction */
    guest_addr arrived_at;
    unsigned interrupted; /* interrupts that came during a step, nested */
    unsigned findings;    /* already known */
};

/* ---- images.c -------------------------------------------------------------------------------- */

/* The machine built with `load` takes the place of the present one, if there is one. */
void images_adopt(struct target *target);
void images_release(struct target *target);

/* Says, once, that there are no names. */
void images_tell(struct target *target);

/* ---- points.c -------------------------------------------------------------------------------- */

bool points_have_breakpoint(const struct target *target, guest_addr pc);

/* The breakpoint at `pc` is not a hardware one. */
bool points_are_software(const struct target *target, guest_addr pc);

/* Tells the CPU what to look for. To be called when points or target->everywhere changed. */
void points_apply(struct target *target);

/* ---- stops.c --------------------------------------------------------------------------------- */

void stops_init(struct target *target);

/* Notes that something happened which stops the machine. False: it is not heeded. */
bool stops_hit(struct target *target, struct hit hit);

/* ---- motion.c -------------------------------------------------------------------------------- */

/* Ways machine_run may return. */
enum leg {
    LEG_OVER, /* the limit is reached */
    LEG_HIT,  /* a hit, or at rest */
    LEG_END,  /* it cannot go on: exit, lock-up, off, asleep for good; the hit says which */
};

bool motion_arrived(void *owner, guest_addr pc);
struct position motion_position(const struct target *target);

/* Brings a machine that was left anywhere to a position: before an instruction, or asleep. */
void motion_rest(struct target *target);

/* Runs on to `position`, which lies ahead, heeding as told. */
void motion_run_to(struct target *target, struct position position, enum heed heed);

/* The machine has come to rest because of `hit`. */
void motion_halt(struct target *target, const struct hit *hit);

/* ---- past.c ---------------------------------------------------------------------------------- */

void past_forget(struct target *target);
void past_release(struct target *target);

/* The machine rests behind what did `hit`: goes back before it, if an instruction did it. */
void past_undo(struct target *target, const struct hit *hit);

/* The machine rests: takes a snapshot if it is time for one. */
void past_remember(struct target *target);

/* The machine is about to run on: what an edit made untrue is forgotten, and it is said. */
void past_commit(struct target *target);

/* Before a motion into the past. */
void past_begin(struct target *target);

/* The latest moment not behind `position`. There is always the first. */
unsigned past_moment_before(const struct past *past, struct position position);

/* To a moment; to a snapshot; to any position, from the moment before it. */
void past_restore(struct target *target, unsigned index);
void past_load(struct target *target, const struct snapshot *snapshot);
void past_go_to(struct target *target, struct position position);

/* To the instruction at `when`, or if the machine cannot rest there before `limit`, the one before,
 * and so on. */
void past_go_before(struct target *target, sim_time when, struct position limit);

/* Likewise to one that was executed: not asleep. */
void past_go_to_instruction(struct target *target, sim_time when, struct position limit);

/* What is before the present is known no more. */
void past_begin_anew(struct target *target);

/* ---- review.c -------------------------------------------------------------------------------- */

/*
 * Runs the past up to the present again in parts, the latest first, with `witness` hearing what is
 * written to `range` and moved; before each part and after it `part` is called, and ends it all by
 * returning false. Then the machine is where it was.
 */
void past_review(struct target *target, struct byte_range range, const struct witness *witness,
                 bool (*part)(void *owner, bool over, bool edited));

#endif
