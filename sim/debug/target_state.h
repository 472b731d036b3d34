/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the target share. Nobody else includes this.
 *
 *     target.c   building, restarting, registers, memory
 *     points.c   breakpoints and watchpoints
 *     stops.c    everything that can be a reason to stop: hits
 *     motion.c   forwards: running, stepping, coming to rest
 *     past.c     snapshots, and going back
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
    size_t bytes;
    size_t bytes_limit;
    uint64_t pace; /* instructions from one to the next; grows when memory is used up */
};

struct points {
    guest_addr *breakpoints; /* ascending, each once */
    unsigned breakpoint_count;
    struct cpu_watch *watches;
    enum watchpoint_kind *watch_kinds; /* in the same order */
    unsigned watch_count;
};

struct target {
    struct machine *machine;
    struct checker *checker;
    struct report_options report;
    char *path;
    uint8_t *flash; /* what `load` made of it; NULL: as in the images */

    /* Registered with the machine's state, so that it goes back with it. */
    struct target_counts {
        uint64_t printed; /* bytes the firmware printed */
    } counts;
    uint64_t shown;      /* of these, bytes the debugger has got */
    struct text console; /* not shown yet */
    struct text story;

    struct points points;
    struct past past;
    struct stop_choice {
        bool on;
        int which;
    } stops[STOP_REASONS];
    bool into_interrupts;
    sim_time told; /* what the instruction then does was told before it is done */
    bool edited;   /* since it last ran */

    struct halt_report halted;

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

/* ---- points.c -------------------------------------------------------------------------------- */

bool points_have_breakpoint(const struct target *target, guest_addr pc);

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

/* The machine is about to run on: what an edit made untrue is forgotten. */
void past_commit(struct target *target);

#endif
