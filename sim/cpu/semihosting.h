/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Semihosting: what firmware asks of its debugger by BKPT 0xAB (Arm Semihosting for AArch32 and
 * AArch64, release 2.0). The debugger here is the simulator.
 *
 * Deviations:
 *   1. Files of the host cannot be opened: simulated firmware must not touch them. SYS_OPEN knows
 *      ":tt" (the console) and ":semihosting-features"; SYS_REMOVE, SYS_RENAME, SYS_TMPNAM and
 *      SYS_SYSTEM are refused.
 *   2. Nothing is ever typed: SYS_READ and SYS_READC of the console report the end of the file.
 *   3. Time is virtual and starts with the machine: SYS_TIME counts seconds from power-on.
 */
#ifndef SIM_CPU_SEMIHOSTING_H
#define SIM_CPU_SEMIHOSTING_H

#include "sim/core/schedule.h"
#include "sim/core/state.h"
#include "sim/core/trace.h"
#include "sim/mem/memory.h"

enum semihost_result { SEMIHOST_CONTINUE, SEMIHOST_EXIT };

struct semihosting {
    /* Plain state, one registered region. */
    struct semihosting_state {
        int32_t last_error;         /* what SYS_ERRNO answers */
        int32_t exit_code;          /* valid after SEMIHOST_EXIT */
        uint32_t open;              /* bit n: handle n is open */
        uint32_t features_position; /* of the file ":semihosting-features" */
        uint32_t exited;            /* 1 when the last call was SYS_EXIT */
    } state;

    /* Wiring. */
    struct memory *memory;
    struct trace *trace;
    const struct scheduler *scheduler;
};

/* The parts are kept by reference and must outlive `semihosting`. */
void semihosting_init(struct semihosting *semihosting, struct memory *memory, struct trace *trace,
                      const struct scheduler *scheduler);

/* All handles closed, no error, not exited. Wiring is kept. */
void semihosting_reset(struct semihosting *semihosting);

void semihosting_register_state(struct semihosting *semihosting, struct state *state);

/*
 * Serves one BKPT 0xAB: `operation` is R0, `parameter` R1; `result` becomes the new R0.
 *
 * Console output leaves as OBS_CONSOLE, source "semihosting", at once; an observation holds at most
 * one line, and a line may come in several. Stores to the guest's memory, and loads of what is
 * printed, are reported to watchers with ACTOR_SEMIHOST. Pointers to where no memory is make the
 * call fail (-1, errno EFAULT).
 *
 * SEMIHOST_EXIT: the firmware ended itself; the code is semihosting_exit_code().
 */
enum semihost_result semihosting_call(struct semihosting *semihosting, uint32_t operation,
                                      uint32_t parameter, uint32_t *result);

/* 0 after SYS_EXIT with ADP_Stopped_ApplicationExit (0x20026), 1 after any other reason, or the
 * code that SYS_EXIT_EXTENDED gave with that reason. */
int semihosting_exit_code(const struct semihosting *semihosting);

#endif
