/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Cortex-M4F of the nRF52840, as the rest of the simulator sees it.
 *
 * Time and interrupts are exact to the instruction: `now` advances by one for each instruction, and
 * events and exceptions are taken before the instruction at which they are due.
 *
 * Behind this interface stands one exact engine (Unicorn). Nothing in it says so: a second, faster
 * engine may take its place and is then compared with this one by state hash.
 */
#ifndef SIM_CPU_CPU_H
#define SIM_CPU_CPU_H

#include "sim/base/status.h"
#include "sim/core/choice.h"
#include "sim/core/schedule.h"
#include "sim/core/state.h"
#include "sim/core/trace.h"
#include "sim/core/wire.h"
#include "sim/mem/bus.h"
#include "sim/mem/memory.h"

struct cpu;

struct cpu_config {
    struct memory *memory;
    struct bus *bus; /* the CPU claims its private peripherals (SCS, DWT, ...) there itself */
    struct scheduler *scheduler;
    struct wires *wires;     /* the CPU listens to WIRE_IRQ + n and WIRE_RESET_WATCHDOG, and drives
                                WIRE_RESET_REQUEST and WIRE_CPU_ASLEEP */
    struct chooser *chooser; /* asked for IRQ_ENTRY; NULL: interrupts are recognised at once */
    struct trace *trace;     /* the CPU becomes its `capture` provider */
    struct state *state;     /* the CPU registers its state there */
    /*
     * A store of 1, 2 or 4 bytes to flash, FICR or UICR, aligned or not. What it does is the
     * NVMC's; false makes it a bus fault. Bytes that change are followed by cpu_code_changed. NULL:
     * every such store is a bus fault.
     */
    bool (*flash_write)(void *owner, guest_addr address, unsigned size, uint32_t value);
    void *flash_owner;
};

enum cpu_stop {
    CPU_STOP_TIME,      /* `now` reached the limit */
    CPU_STOP_REQUESTED, /* cpu_request_stop was called */
    CPU_STOP_RESET,     /* a system reset was asked for (AIRCR.SYSRESETREQ) */
    CPU_STOP_LOCKUP,    /* the core locked up: a fault at a priority that cannot take one */
    CPU_STOP_EXIT,      /* semihosting SYS_EXIT; the code is cpu_exit_code() */
    CPU_STOP_ASLEEP,    /* WFI or WFE, no event is scheduled: it would sleep for ever */
};

enum cpu_register {
    CPU_R0 = 0,
    CPU_SP = 13,
    CPU_LR = 14,
    CPU_PC = 15,
    CPU_XPSR = 16,
    CPU_MSP,
    CPU_PSP,
    CPU_PRIMASK,
    CPU_BASEPRI,
    CPU_FAULTMASK,
    CPU_CONTROL,
    CPU_FPSCR,
    CPU_S0,
    CPU_REGISTER_COUNT = CPU_S0 + 32,
};

/* Builds a CPU over the given machine. Fails (ENGINE_UNUSABLE) when the library behaves
 * differently from what its self-test expects. Released with cpu_destroy. */
MUST_CHECK enum status cpu_create(struct cpu **cpu, const struct cpu_config *config,
                                  struct failure *failure);
void cpu_destroy(struct cpu *cpu);

/* Reset (Armv7-M B1.5.5): MSP and PC from the vector table at address 0, all system registers to
 * their reset values. RAM is left alone. */
void cpu_reset(struct cpu *cpu);

/* Executes until something in enum cpu_stop happens. `limit` is absolute; with the limit at `now`
 * nothing executes. Sleep skips time forward to the next event at no cost. */
enum cpu_stop cpu_run(struct cpu *cpu, sim_time limit);

/* Makes cpu_run return before the next instruction. May be called from event handlers and trace
 * subscribers. */
void cpu_request_stop(struct cpu *cpu);

int cpu_exit_code(const struct cpu *cpu);

/* Registers as the architecture names them; PC is the next instruction to execute. */
uint32_t cpu_get(const struct cpu *cpu, enum cpu_register reg);
void cpu_set(struct cpu *cpu, enum cpu_register reg, uint32_t value);

/* Instructions executed since reset. */
uint64_t cpu_instructions(const struct cpu *cpu);

/*
 * The engine keeps registers of its own. cpu_save copies them to the registered state before a
 * snapshot or hash, cpu_restore loads them after the state was put back, and forgets translated
 * code whose bytes may have changed.
 */
void cpu_save(struct cpu *cpu);
void cpu_restore(struct cpu *cpu);

/* Code bytes changed under the CPU (flash programmed, image loaded). */
void cpu_code_changed(struct cpu *cpu, struct byte_range range);

/*
 * Marks a function of the image: entering it gives OBS_CALL and, if somebody subscribed to it, its
 * return OBS_RETURN, both with `tag`. False when there are too many marks.
 */
MUST_CHECK bool cpu_mark_call(struct cpu *cpu, guest_addr function, uint32_t tag);

/* Marks a compiler barrier the firmware recorded: it stands before the instruction at `pc`. */
MUST_CHECK bool cpu_mark_fence(struct cpu *cpu, guest_addr pc);

/* When the interrupt that is being held back by a choice of IRQ_ENTRY will be recognised; 0: none
 * is. The second recognises it before the next instruction. */
sim_time cpu_recognition(const struct cpu *cpu);
void cpu_recognise(struct cpu *cpu);

/* An instruction has executed at `pc` since reset (halfword by halfword; code in RAM that was
 * changed since counts as not executed). */
bool cpu_has_executed(const struct cpu *cpu, guest_addr pc);

/* In WFI or WFE: what executes next depends on what happens. */
bool cpu_is_asleep(const struct cpu *cpu);

/* ---- Debuggers ------------------------------------------------------------------------------- */

enum cpu_access { CPU_LOADS = 1, CPU_STORES = 2 };

/* Accesses of the CPU to hear of. RAM stores include those of exception entry. */
struct cpu_watch {
    struct byte_range range; /* RAM in its Data RAM address */
    uint32_t accesses;       /* enum cpu_access, or-ed */
};

/*
 * What a debugger asks to be told. No part of the state: it changes neither time nor hash, and
 * costs nothing where nothing is asked for. See debugger.c for deviations.
 */
struct cpu_debugger {
    void *owner;
    /* The instruction at `pc` comes next: events are handled, interrupts taken. Asked at the
     * breakpoints, and at each instruction with `everywhere`. True: cpu_run returns before it
     * executes. Never NULL. */
    bool (*arrived)(void *owner, guest_addr pc);
    /* The present instruction makes an access to a watch. Stores have been made, loads have not.
     * May call cpu_request_stop. Never NULL. */
    void (*accessed)(void *owner, const struct cpu_watch *watch, struct byte_range range,
                     enum cpu_access access);
    bool everywhere;
    const guest_addr *breakpoints; /* ascending, borrowed until the next cpu_debug */
    unsigned breakpoint_count;
    const struct cpu_watch *watches; /* borrowed likewise */
    unsigned watch_count;
};

/* Replaces what was asked before; NULL: nothing any more. */
void cpu_debug(struct cpu *cpu, const struct cpu_debugger *debugger);

/* ---------------------------------------------------------------------------------------------- */

/* The semihosting and RTT consoles report through OBS_CONSOLE. Address of the RTT control block
 * (symbol _SEGGER_RTT), 0: none, then RAM is searched for its signature once after start-up. */
void cpu_set_rtt_address(struct cpu *cpu, guest_addr address);

/* One sentence on where execution hangs or sleeps, for time-out messages, e.g. "asleep (WFI)". */
const char *cpu_activity(const struct cpu *cpu);

/* "Unicorn 2.0.1". */
const char *cpu_engine_name(void);

#endif
