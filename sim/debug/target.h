/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine as a debugger sees it: it stands still or runs, has registers and memory, breakpoints
 * and watchpoints, reasons to stop that only a simulator can offer, and a past to go back to.
 *
 * Time is virtual throughout: while the CPU stands still, so do EasyDMA and host.
 */
#ifndef SIM_DEBUG_TARGET_H
#define SIM_DEBUG_TARGET_H

#include "sim/base/text.h"
#include "sim/explore/checked.h"
#include "sim/explore/plan.h"
#include "sim/report/report.h"

struct target_options {
    struct plan plan;               /* its paths are copied */
    struct checked_options checked; /* its lists are the caller's, as long as there is a target */
    size_t history_bytes;           /* most memory for snapshots; 0: no history, no way back */
    const char *token; /* `plan` was read from it, and `token_check` too; NULL: it was not */
    uint32_t token_check;
};

struct target;

/* Builds the machine, loads the images and stops before the first instruction. Fails also when
 * the token is one of other images. */
MUST_CHECK enum status target_create(struct target **target, const struct target_options *options,
                                     struct failure *failure);
void target_destroy(struct target *target);

/* Power-on: time 0, everything forgotten but breakpoints, watchpoints and reasons to stop. */
void target_restart(struct target *target);

/* ---- Parts, for monitor commands ------------------------------------------------------------- */

struct machine *target_machine(struct target *target);
struct checker *target_checker(struct target *target);
const struct report_options *target_report(const struct target *target);
const char *target_path(const struct target *target); /* of the first image, absolute */

/* ---- A stop ---------------------------------------------------------------------------------- */

enum halt {
    HALT_NONE, /* it runs */
    HALT_START,
    HALT_STEP,
    HALT_BREAKPOINT,
    HALT_WATCHPOINT,
    HALT_INTERRUPT, /* the user asked */
    HALT_REASON,    /* one of stops.def: the text says which and why */
    HALT_FAULT,     /* HardFault or lock-up */
    HALT_EXIT,      /* the firmware ended itself; going on again ends the session */
    HALT_OFF,       /* System OFF, or asleep for good: going on is of no use */
    HALT_BEGIN,     /* going back reached the beginning of what is known */
};

enum watchpoint_kind { WATCHPOINT_WRITE, WATCHPOINT_READ, WATCHPOINT_ACCESS };

/* Why the target stands still. */
struct halt_report {
    enum halt halt;
    guest_addr address;         /* WATCHPOINT: what is watched */
    enum watchpoint_kind watch; /* WATCHPOINT */
    bool software;              /* BREAKPOINT: there is no hardware breakpoint here */
    int code;                   /* EXIT */
};

struct halt_report target_halted(const struct target *target);

/* What there is to say about the last stop, and is said once: empties it. "" when nothing. */
void target_take_story(struct target *target, struct text *text);

/* What the firmware printed since the last call, once, whatever going back and forth repeated. */
void target_take_console(struct target *target, struct text *text);

/* ---- Running --------------------------------------------------------------------------------- */

enum motion {
    MOTION_CONTINUE,
    MOTION_STEP,  /* one instruction */
    MOTION_RANGE, /* until the instruction is outside of a range */
};

/* Prepares to run; target_advance runs. `range` counts for MOTION_RANGE only. */
void target_go(struct target *target, enum motion motion, struct byte_range range);

/* Runs a little (about a millisecond of the host's time). True when it has halted. */
bool target_advance(struct target *target);

/* Halts where it is. */
void target_interrupt(struct target *target);

/* One instruction back, or back to the latest thing that would have stopped it. */
void target_step_back(struct target *target);
void target_continue_back(struct target *target);
bool target_can_go_back(const struct target *target);

/* Goes to the first instruction at or after a point of time in the past. False: not known. */
bool target_go_to(struct target *target, sim_time when);

/* Whether a step runs through interrupts that come (false) or stops in their handlers. */
bool target_steps_into_interrupts(const struct target *target);
void target_step_into_interrupts(struct target *target, bool on);

/* ---- Registers and memory -------------------------------------------------------------------- */

uint32_t target_register(const struct target *target, enum cpu_register reg);
void target_set_register(struct target *target, enum cpu_register reg, uint32_t value);

/* Copies what can be read without side effects; returns how many bytes from the start that is. */
size_t target_read(struct target *target, guest_addr address, uint8_t *bytes, size_t size);

/* Writes RAM, flash, or peripheral registers (with their effects). False: not all of it. */
bool target_write(struct target *target, guest_addr address, const uint8_t *bytes, size_t size);

/*
 * `load`: erases pages, writes flash; target_programmed makes it the flash of every restart. It
 * also reads the images again: when they are what was written, symbols are theirs from here on;
 * otherwise there are none, and the next story says so.
 */
bool target_erase(struct target *target, struct byte_range range);
bool target_program(struct target *target, guest_addr address, const uint8_t *bytes, size_t size);
void target_programmed(struct target *target);

/*
 * Names are those of the image `path`; what it tells besides (recorded barriers, heap functions)
 * counts from the next restart on. Fails when it is not what is in flash.
 */
MUST_CHECK enum status target_name_image(struct target *target, const char *path,
                                         struct failure *failure);

/* Anything about the machine was changed by hand: from here on there is a new future. The next
 * story says so. */
void target_edited(struct target *target);

/* EasyDMA alone works on, at the present time, until it has moved `words` words or is idle. Returns
 * how many it moved. */
unsigned target_step_dma(struct target *target, unsigned words);

/* The host does something by hand now: it drops what it follows (host_take_over), and what it says
 * from here on goes to the console. */
struct host *target_take_host(struct target *target);

/* ---- Breakpoints and watchpoints, any number ------------------------------------------------- */

/* Both stop before the instruction and leave memory alone; gdb is told which it was. */
enum breakpoint_kind { BREAKPOINT_SOFTWARE = 1, BREAKPOINT_HARDWARE = 2 };

void target_add_breakpoint(struct target *target, enum breakpoint_kind kind, guest_addr address);
void target_remove_breakpoint(struct target *target, enum breakpoint_kind kind, guest_addr address);
void target_add_watchpoint(struct target *target, enum watchpoint_kind kind,
                           struct byte_range range);
void target_remove_watchpoint(struct target *target, enum watchpoint_kind kind,
                              struct byte_range range);
void target_remove_points(struct target *target);

/* ---- Reasons to stop ------------------------------------------------------------------------- */

enum stop_reason {
#define STOP_REASON(name, word, on, brief) STOP_##name,
#include "sim/debug/stops.def"
#undef STOP_REASON
    STOP_REASONS,
};

enum { STOP_ANY = -1 };

/* `which` narrows it: an interrupt or endpoint number, or STOP_ANY. */
void target_stop_on(struct target *target, enum stop_reason reason, bool on, int which);
bool target_stops_on(const struct target *target, enum stop_reason reason, int *which);
const char *stop_reason_word(enum stop_reason reason);
const char *stop_reason_brief(enum stop_reason reason);

/* ---- The past -------------------------------------------------------------------------------- */

/* Memory of the past: how many snapshots, bytes, and from when. */
struct target_past {
    unsigned snapshots;
    size_t bytes;
    sim_time since;
};
struct target_past target_past(const struct target *target);

/* Who wrote a byte. */
enum writer_kind { WRITER_NOBODY, WRITER_CPU, WRITER_ENGINE, WRITER_HAND /* the debugger */ };

struct writer {
    enum writer_kind kind;
    sim_time when;
    struct site site; /* the CPU; also when EasyDMA did it. HAND: nothing */
};

/*
 * Looks in the past for who wrote each byte of `range` last, and leaves the machine where it is.
 * `writers` has room for one a byte; all may be NOBODY, as far as is known.
 */
void target_last_writers(struct target *target, struct byte_range range, struct writer *writers);

/* A data packet with content. Plain state. */
struct target_packet {
    sim_time when;
    uint32_t transfer; /* EasyDMA transfer that brought it from RAM, or 0 */
    uint16_t size;     /* 0: there was none yet */
    uint8_t pid;
    uint8_t endpoint;
    uint8_t bytes[1024];
};

/* The latest from device or host (SETUP packets left out). */
const struct target_packet *target_last_packet(const struct target *target, enum usb_sender sender);

/* Where a byte of a packet was in RAM, and how it came there. */
struct byte_origin {
    bool carried; /* by EasyDMA, between RAM and the endpoint; else all below is unknown */
    sim_time carried_at;
    guest_addr address;
    struct writer writer; /* packets of the device: who wrote it there before */
};

/* Finds the origin (of the host's packets: the destination) of each byte of `packet`; `origins` has
 * room for one a byte. The machine stays where it is. */
void target_packet_origins(struct target *target, const struct target_packet *packet,
                           struct byte_origin *origins);

/*
 * A copy of the present, released with target_release, and the way back to it. When what led to it
 * is not the known past any more (a restart, a change by hand before it), history begins anew
 * there. False: it was kept with another firmware.
 */
struct kept;
struct kept *target_keep(struct target *target);
bool target_return(struct target *target, const struct kept *kept);
void target_release(struct target *target, struct kept *kept);
sim_time target_kept_at(const struct kept *kept);

/* When EasyDMA moves, from here on. */
void target_set_policy(struct target *target, enum choice_policy policy);

#endif
