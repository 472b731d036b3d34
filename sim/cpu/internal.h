/* SPDX-License-Identifier: Apache-2.0 */
/* The CPU's parts as they see each other. Not for other layers. */
#ifndef SIM_CPU_INTERNAL_H
#define SIM_CPU_INTERNAL_H

#include "sim/cpu/cpu.h"
#include "sim/cpu/decode.h"
#include "sim/cpu/dwt.h"
#include "sim/cpu/engine.h"
#include "sim/cpu/itm.h"
#include "sim/cpu/mpu.h"
#include "sim/cpu/nvic.h"
#include "sim/cpu/rtt.h"
#include "sim/cpu/semihosting.h"
#include "sim/cpu/systick.h"

enum {
    XPSR_T = 1u << 24,
    XPSR_IPSR = 0x1ff,
    CONTROL_NPRIV = 1,
    CONTROL_SPSEL = 2,
    CONTROL_FPCA = 4,
    CCR_NONBASETHRDENA = 1u << 0,
    CCR_USERSETMPEND = 1u << 1,
    CCR_UNALIGN_TRP = 1u << 3,
    CCR_DIV_0_TRP = 1u << 4,
    CCR_BFHFNMIGN = 1u << 8,
    CCR_STKALIGN = 1u << 9,
    SCR_SLEEPONEXIT = 1u << 1,
    SCR_SEVONPEND = 1u << 4,
    FPCCR_LSPACT = 1u << 0,
    FPCCR_USER = 1u << 1,
    FPCCR_THREAD = 1u << 3,
    FPCCR_HFRDY = 1u << 4,
    FPCCR_MMRDY = 1u << 5,
    FPCCR_BFRDY = 1u << 6,
    CFSR_MMARVALID = 1u << 7,
    CFSR_BFARVALID = 1u << 15,
    HFSR_VECTTBL = 1u << 1,
    HFSR_FORCED = 1u << 30,
};
#define EXC_RETURN_LOWEST 0xf0000000u
#define FPCCR_LSPEN (1u << 30)
#define FPCCR_ASPEN (1u << 31)
#define HFSR_DEBUGEVT (1u << 31)

enum sleep { AWAKE, SLEEP_WFI, SLEEP_WFE };

enum fault_id {
    FAULT_NONE,
#define FAULT(name, exception, cfsr, address, sentence) FAULT_##name,
#include "sim/cpu/fault.def"
#undef FAULT
};

/* A fault that was found and not taken yet. */
struct found_fault {
    uint32_t id; /* enum fault_id */
    guest_addr pc;
    guest_addr address;
    uint32_t store; /* 1: by a store */
};

/* Registers that live in the engine, as cpu_save copies them here. */
struct cpu_registers {
    uint32_t r[16];
    uint32_t xpsr;
    uint32_t msp;
    uint32_t psp;
    uint32_t control;
    uint32_t fpscr;
    uint32_t s[32];
};

/* The instructions of an IT block, so that ITSTATE is known at each of them. */
struct it_block {
    guest_addr start;
    guest_addr end;
    uint32_t state; /* ITSTATE at `start`; 0: no block */
};

/* A marked function that was entered and has not returned. */
struct open_call {
    guest_addr return_to;
    guest_addr stack; /* SP at its entry */
    uint32_t tag;
};

/* The stack pointers as they were at the instruction before. */
struct stacks_seen {
    uint32_t known; /* 0: nobody watched then */
    uint32_t msp;
    uint32_t psp;
};

enum { CPU_OPEN_CALLS = 16 };

/* Plain state, one registered region. */
struct cpu_state {
    /* The first four are clocks (state_mark_clock). */
    sim_time started; /* `now` at reset */
    sim_time slept;   /* cycles spent asleep since reset */
    sim_time rtt_search_at;
    sim_time recognised_at; /* the pending interrupt is taken from then on; 0: not asked yet */
    struct cpu_registers saved;
    struct exception_masks masks;
    struct it_block it;
    uint32_t exclusive; /* the local monitor is in exclusive state */
    uint32_t event;     /* the event register WFE waits for */
    uint32_t sleep;     /* enum sleep */
    uint32_t lockup;
    uint32_t calls;
    struct open_call call[CPU_OPEN_CALLS];
    struct stacks_seen stacks;
    struct found_fault fault; /* taken before the next instruction outside of IT blocks */
};

/* System control block registers that hold what was written. One registered region. */
struct scs {
    uint32_t actlr;
    uint32_t vtor;
    uint32_t scr;
    uint32_t ccr;
    uint32_t cfsr;
    uint32_t hfsr;
    uint32_t mmfar;
    uint32_t bfar;
    uint32_t cpacr;
    uint32_t fpccr;
    uint32_t fpcar;
    uint32_t fpdscr;
    uint32_t demcr;
};

/* What is done before an instruction, beside counting it. */
enum care {
    CARE_NOT,
    CARE_FOR_ALIGNMENT, /* of the base register only */
    CARE_FULLY,
};

/* What there is to care for: INSN_FP, INSN_LOADS, INSN_STORES, and */
enum {
    INTEREST_CHECKS = 0x100,   /* loads and stores may be refused */
    INTEREST_DIVISION = 0x200, /* division by zero traps */
    INTEREST_ALL = 0x400,      /* every instruction */
};

enum {
    CODE_FLASH_HALFWORDS = FLASH_SIZE / 2,
    CODE_RAM_HALFWORDS = RAM_SIZE / 2,
    CODE_PAGE = 1024,
    CODE_PAGES = RAM_SIZE / CODE_PAGE,
    PATH_LENGTH = 64,
};

/* Places in the code that somebody marked, in order of address. Wiring, not state. */
enum { CPU_MARKS = 4096 };
enum mark_kind { MARK_CALL, MARK_FENCE };

struct cpu_marks {
    unsigned count;
    struct cpu_mark {
        guest_addr pc;
        enum mark_kind kind;
        uint32_t tag;
    } mark[CPU_MARKS];
};

/* Why a store to a page of RAM has to be looked at. */
enum page_mark { PAGE_HAS_CODE = 1, PAGE_WATCHED = 2 };

struct cpu {
    /* Read and written before each instruction: kept together. */
    struct schedule *schedule;
    struct trace *trace;
    uint8_t *flash_class; /* one class byte a halfword */
    uint8_t *ram_class;
    uint8_t care[256]; /* enum care, by class byte */
    uint32_t interest; /* what `care` was made for */

    struct cpu_config config;
    struct engine engine;

    /* Registered state. */
    struct cpu_state state;
    struct nvic nvic;
    struct scs scs;
    struct mpu mpu;
    struct systick systick;
    struct dwt dwt;
    struct itm itm;

    struct semihosting semihosting;
    struct rtt rtt;

    struct cpu_debugger debugger;
    bool watches_loads; /* the debugger does */
    struct cpu_marks marks;

    /* Of one run only. */
    sim_time limit;
    bool stop_requested;
    bool reset_requested;          /* WIRE_RESET_REQUEST went high */
    bool vector_reset;             /* AIRCR.VECTRESET */
    bool exited;                   /* semihosting SYS_EXIT */
    bool rtt_told;                 /* somebody said where the RTT control block is */
    bool masks_stale;              /* a CPS or MSR executes */
    bool unprivileged;             /* thread mode with CONTROL.nPRIV */
    bool path_wanted;              /* the limit is near: note where execution goes */
    enum insn_kind hint;           /* WFI, WFE or YIELD is leaving the engine */
    bool left_invalid;             /* the engine met WFE, YIELD or an undefined instruction */
    struct found_fault left_fault; /* the engine met this one */
    /* The unaligned store that the engine is about to repeat byte by byte. */
    struct {
        sim_time when;
        guest_addr address;
        uint32_t size;
    } repeated;
    uint8_t ram_page[CODE_PAGES];            /* enum page_mark, or-ed */
    uint32_t flash_edited[FLASH_PAGES / 32]; /* pages that differed from the baseline since reset */
    unsigned path_count;
    guest_addr path[PATH_LENGTH];
    char cause[96];
    char activity[160];
};

/* ---- registers.c: what the engine holds ---------------------------------------------------------
 */

/* ITSTATE of the instruction at `pc`, 0 outside of IT blocks. */
uint32_t cpu_it_state(const struct cpu *cpu, guest_addr pc);
static inline bool cpu_inside_it(const struct cpu *cpu, guest_addr pc)
{
    return pc - cpu->state.it.start < cpu->state.it.end - cpu->state.it.start;
}
/* Starts (or with state 0: forgets) an IT block whose first instruction is at `pc`. */
void cpu_set_it(struct cpu *cpu, guest_addr pc, uint32_t state);

/* XPSR as it is stacked at `pc`. */
uint32_t cpu_xpsr(const struct cpu *cpu, guest_addr pc);

/* MSP and PSP, also for unprivileged code. */
void cpu_stack_pointers(const struct cpu *cpu, uint32_t *msp, uint32_t *psp);

/* Writes PRIMASK, BASEPRI and FAULTMASK to the engine; privileged mode only. */
void cpu_apply_masks(struct cpu *cpu);

/* ---- interest.c ------------------------------------------------------------------------------ */

/* After IPSR, CONTROL, a control register of ours or a watch changed: what has to be cared for from
 * now on. */
void cpu_renew_interest(struct cpu *cpu);

/* What CPACR says to the code that executes. */
bool cpu_fpu_is_open(const struct cpu *cpu);

/* ---- code.c: classes of instructions --------------------------------------------------------- */

/* The bytes at `pc`; halfwords that cannot be read are 0. */
void cpu_fetch(const struct cpu *cpu, guest_addr pc, uint16_t *first, uint16_t *second);
uint8_t cpu_classify(struct cpu *cpu, guest_addr pc);
/* The class of the instruction at `pc` is asked for anew each time. */
void cpu_look_at(struct cpu *cpu, guest_addr pc);
/* RAM bytes [offset, offset + size) changed and the page is known to hold code. */
void cpu_ram_code_changed(struct cpu *cpu, uint32_t offset, uint32_t size);

/* A bus master beside the CPU wrote to Data RAM. Signature of memory's
 * ram_written; `cpu` is a struct cpu. */
void cpu_ram_written(void *cpu, struct byte_range range);
/* Flash or RAM may have changed anywhere, by a snapshot: forgets what executed where that is
 * possible. */
void cpu_forget_code(struct cpu *cpu);
/* Pages that equal the baseline need not be forgotten: their code was there from the start. */
void cpu_code_is_baseline(struct cpu *cpu);

/* ---- access.c: accesses of the CPU's own, and checks of the program's ------------------------ */

enum { ACCESS_PRIVILEGED = 1, ACCESS_STORE = 2, ACCESS_FETCH = 4 };

/* Word accesses of the exception model to RAM; `pc` is the interrupted instruction. FAULT_NONE,
 * or `bus` or `protection` when they cannot be made. */
enum fault_id cpu_stack_word(struct cpu *cpu, guest_addr address, uint32_t value, enum fault_id bus,
                             enum fault_id protection);
enum fault_id cpu_unstack_word(struct cpu *cpu, guest_addr address, uint32_t *value,
                               enum fault_id bus, enum fault_id protection);

/* First byte of the access the instruction at PC makes. */
guest_addr cpu_effective_address(const struct cpu *cpu, guest_addr pc,
                                 const struct insn_access *access);

/* What is wrong with the access of the instruction at `pc`. */
struct found_fault cpu_check_access(const struct cpu *cpu, guest_addr pc);

/* Reports the loads of the instruction at `pc` from watched ranges. */
void cpu_report_loads(struct cpu *cpu, guest_addr pc);

/* Performs a store of the program to flash, RAM, FICR or UICR. False: bus fault. */
bool cpu_store(struct cpu *cpu, guest_addr address, unsigned size, uint64_t value);

/* The same as the engine's hook. */
bool cpu_on_store(struct uc_struct *uc, unsigned type, uint64_t address, int size, int64_t value,
                  void *owner);

/* ---- exception.c ----------------------------------------------------------------------------- */

/* Takes the most urgent pending exception if it pre-empts. True when execution was redirected. */
bool exception_take_pending(struct cpu *cpu, guest_addr return_address);

/* Takes `exception` because of the instruction that executes, or what it escalates to. */
void exception_raise(struct cpu *cpu, unsigned exception, guest_addr return_address);

/* `exception`, or HardFault when it is disabled or not urgent enough (B1.5.14). */
unsigned exception_escalated(const struct cpu *cpu, unsigned exception);

/* Pends `exception` or what it escalates to; locks up when there is nothing. */
void exception_escalate(struct cpu *cpu, unsigned exception);

/* The program loaded `exc_return` into PC in handler mode. */
void exception_return(struct cpu *cpu, uint32_t exc_return);

/* Lazy stacking: an FP instruction is about to execute. */
enum fault_id exception_preserve_fp(struct cpu *cpu);

/* ---- fault.c --------------------------------------------------------------------------------- */

/* Records the fault in CFSR or HFSR and reports it. Returns the exception it raises. */
unsigned fault_record(struct cpu *cpu, const struct found_fault *fault);

/* Records and takes it. */
void fault_raise(struct cpu *cpu, const struct found_fault *fault);

/* Keeps a fault for the next place where the engine can be redirected. */
void fault_postpone(struct cpu *cpu, enum fault_id id, guest_addr pc);

void fault_lock_up(struct cpu *cpu);

/* ---- attention.c
 * ---------------------------------------------------------------------------------------- */

/* True when cpu_run has to return or to do something itself before the next instruction. */
bool cpu_must_leave(const struct cpu *cpu);

/* Handles what is due before the instruction at `pc`. True when it is not to be executed now: the
 * engine was redirected or stopped. */
bool cpu_look_up(struct cpu *cpu, guest_addr pc);

/* Pends an exception, sets the event register if SEVONPEND asks for it, alerts. */
void cpu_pend(struct cpu *cpu, unsigned exception);

/* ---- execute.c
 * ---------------------------------------------------------------------------------------- */

extern const struct engine_hooks cpu_engine_hooks;

/* ---- trap.c
 * ------------------------------------------------------------------------------------------- */

/* Three of the engine's hooks. */
void cpu_on_trap(void *owner, enum engine_trap trap);
void cpu_on_invalid(void *owner);
void cpu_on_fault(void *owner, enum engine_fault kind, guest_addr address);

/* After engine_run returned: does what the instruction that left asks for. */
void cpu_settle_leave(struct cpu *cpu);

/* ---- watch.c --------------------------------------------------------------------------------- */

/* A marked place is not classified, so that it is always attended. */
bool cpu_is_marked(const struct cpu *cpu, guest_addr pc);

/* Whether every instruction has to be attended: stacks are watched, or a call is to return. */
bool cpu_watches_all(const struct cpu *cpu);

/* Reports what was asked for about the instruction at `pc`. */
void cpu_watch(struct cpu *cpu, guest_addr pc);

/* ---- debugger.c ------------------------------------------------------------------------------ */

bool cpu_has_breakpoint(const struct cpu *cpu, guest_addr pc);

/* The instruction at `pc` is about to execute. True when a debugger halts the CPU before it. */
bool cpu_halts(struct cpu *cpu, guest_addr pc);

/* The CPU accesses `range`: tells the debugger if it watches it. */
void cpu_tell_access(struct cpu *cpu, struct byte_range range, enum cpu_access access);

/* ---- scs.c ----------------------------------------------------------------------------------- */

void scs_reset(struct cpu *cpu);
void scs_claim(struct cpu *cpu);

#endif
