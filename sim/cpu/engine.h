/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The instruction engine: Unicorn with everything it gets wrong kept away from its users.
 *
 * The only file that knows Unicorn is engine.c. Rules every caller has to keep, because the library
 * breaks silently otherwise (measured on 2.0.1, tested on 2.1.1 too):
 *
 *   - engine_stop and engine_jump are for the `instruction` hook outside of IT blocks, the `trap`
 *     hook, and between runs; never for `store`, `mmio_*`, `invalid` or `fault`.
 *   - Never both of them in the same hook: the stop would be lost.
 *   - After IPSR, CONTROL or EPSR were written, engine_settle comes before the next instruction.
 */
#ifndef SIM_CPU_ENGINE_H
#define SIM_CPU_ENGINE_H

#include "sim/base/range.h"
#include "sim/base/status.h"
#include "sim/mem/memory.h"

#include <stdbool.h>
#include <stdint.h>

struct uc_struct; /* Unicorn's own name for its engine */

/* Special registers; 0..15 are r0..r15. MSP, PSP and the masks read as zero, and writes to them are
 * ignored, while thread mode is unprivileged (the engine uses the guest's own MRS and MSR). */
enum engine_register {
    ENGINE_SP = 13,
    ENGINE_LR = 14,
    ENGINE_PC = 15,
    ENGINE_XPSR = 16,
    ENGINE_XPSR_ALL, /* write only: flags, GE, IT and T; IPSR must be the present one */
    ENGINE_IPSR,
    ENGINE_EPSR,
    ENGINE_MSP,
    ENGINE_PSP,
    ENGINE_PRIMASK,
    ENGINE_BASEPRI,
    ENGINE_FAULTMASK,
    ENGINE_CONTROL,
    ENGINE_FPSCR,
    ENGINE_S0, /* to S31 */
    ENGINE_REGISTERS = ENGINE_S0 + 32,
};

enum engine_trap {
    ENGINE_SVC,            /* PC is the next instruction */
    ENGINE_BKPT,           /* PC is the BKPT itself */
    ENGINE_PREFETCH_ABORT, /* fetch from where execution is not allowed; or EXC_RETURN */
    ENGINE_EXCEPTION_RETURN,
    ENGINE_BAD_STATE, /* T bit clear */
    ENGINE_UNDEFINED,
};

enum engine_fault { ENGINE_BAD_READ, ENGINE_BAD_WRITE, ENGINE_BAD_FETCH };

/* What the engine reports. All are called from within engine_run. */
struct engine_hooks {
    /* Before each instruction whose condition holds. Unicorn's own signature: it is called straight
     * from translated code. */
    void (*instruction)(struct uc_struct *uc, uint64_t address, uint32_t size, void *owner);
    /* A store to flash, RAM, FICR or UICR; the hook performs it. False: engine_run returns with PC
     * at the instruction. An unaligned store comes once whole and then again byte by byte.
     * Unicorn's own signature here too. */
    bool (*store)(struct uc_struct *uc, unsigned type, uint64_t address, int size, int64_t value,
                  void *owner);
    uint32_t (*mmio_read)(void *owner, guest_addr address, unsigned size);
    void (*mmio_write)(void *owner, guest_addr address, unsigned size, uint32_t value);
    void (*trap)(void *owner, enum engine_trap trap);
    /* Undefined instruction, WFE or YIELD. engine_run returns. */
    void (*invalid)(void *owner);
    /* Access to nowhere. engine_run returns with PC at the instruction. */
    void (*fault)(void *owner, enum engine_fault fault, guest_addr address);
};

enum { ENGINE_WINDOWS = 6 };

struct engine {
    struct uc_struct *uc;
    const struct engine_hooks *hooks;
    void *owner;
    struct engine_window {
        struct engine *engine;
        guest_addr base;
    } window[ENGINE_WINDOWS];
};

/* Opens the library over `memory`, which must outlive the engine. */
MUST_CHECK enum status engine_open(struct engine *engine, struct memory *memory,
                                   const struct engine_hooks *hooks, void *owner,
                                   struct failure *failure);
void engine_close(struct engine *engine);

uint32_t engine_get(const struct engine *engine, unsigned reg);
void engine_set(struct engine *engine, unsigned reg, uint32_t value);

/* Makes the engine's decoder believe IPSR, CONTROL and EPSR. */
void engine_settle(struct engine *engine);

/* Continues at `address`, in Thumb state. */
void engine_jump(struct engine *engine, guest_addr address);

/* Executes from PC until a hook stops it, an instruction leaves (WFI, WFE, YIELD, undefined) or
 * faults. */
void engine_run(struct engine *engine);
void engine_stop(struct engine *engine);

/* Forgets translations of `range`. May be called from the store hook. */
void engine_forget(struct engine *engine, struct byte_range range);

/* "Unicorn 2.0.1". Static. */
const char *engine_name(void);

/* Runs a few instructions on an engine of its own and fails with ENGINE_UNUSABLE, naming the first
 * behaviour that differs from what sim/cpu relies on. */
MUST_CHECK enum status engine_self_test(struct failure *failure);

#endif
