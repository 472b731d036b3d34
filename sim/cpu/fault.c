/* SPDX-License-Identifier: Apache-2.0 */
/* Faults: their status registers, their sentences, and lock-up (Armv7-M B1.5.14, B1.5.15). */
#include "sim/cpu/internal.h"

#include <stdio.h>

enum fault_register { ADDRESS_NO, ADDRESS_MMFAR, ADDRESS_BFAR };

static const struct fault_row {
    unsigned exception;
    uint32_t cfsr;
    enum fault_register address;
    const char *sentence;
} rows[] = {
#define FAULT(name, exception_, cfsr_, address_, sentence_)                                        \
    [FAULT_##name] = {EXC_##exception_, cfsr_, ADDRESS_##address_, sentence_},
#include "sim/cpu/fault.def"
#undef FAULT
};

static void describe(struct cpu *cpu, const struct found_fault *fault)
{
    const struct fault_row *row = &rows[fault->id];
    const char *verb = fault->store ? "store to" : "load from";

    if (fault->id == FAULT_PRECISERR && cpu->unprivileged && fault->address >= PPB_BASE)
        (void)snprintf(cpu->cause, sizeof cpu->cause, "unprivileged %s 0x%08x in the system space",
                       verb, fault->address);
    else if (fault->id == FAULT_PRECISERR)
        (void)snprintf(cpu->cause, sizeof cpu->cause, "%s 0x%08x, where %s", verb, fault->address,
                       memory_at(cpu->config.memory, (struct byte_range){fault->address, 1})
                           ? "writing is not allowed"
                           : "nothing is");
    else if (fault->id == FAULT_IBUSERR)
        (void)snprintf(cpu->cause, sizeof cpu->cause, "fetch from 0x%08x, where nothing is",
                       fault->pc);
    else if (fault->id == FAULT_UNALIGNED || fault->id == FAULT_DACCVIOL)
        (void)snprintf(cpu->cause, sizeof cpu->cause, "%s: %s 0x%08x", row->sentence, verb,
                       fault->address);
    else
        (void)snprintf(cpu->cause, sizeof cpu->cause, "%s", row->sentence);
}

static void record(struct scs *scs, const struct found_fault *fault)
{
    const struct fault_row *row = &rows[fault->id];

    scs->cfsr |= row->cfsr;
    if (fault->id == FAULT_VECTOR)
        scs->hfsr |= HFSR_VECTTBL;
    if (fault->id == FAULT_SVC)
        scs->hfsr |= HFSR_FORCED;
    if (fault->id == FAULT_BKPT)
        scs->hfsr |= HFSR_DEBUGEVT;
    if (row->address == ADDRESS_MMFAR) {
        scs->mmfar = fault->address;
        scs->cfsr |= CFSR_MMARVALID;
    } else if (row->address == ADDRESS_BFAR) {
        scs->bfar = fault->address;
        scs->cfsr |= CFSR_BFARVALID;
    }
}

static void emit(struct cpu *cpu, unsigned exception, guest_addr pc, bool lockup)
{
    const struct scs *scs = &cpu->scs;

    trace_emit(cpu->trace, (struct observation){.kind = OBS_FAULT,
                                                .fault = {.exception = (uint16_t)exception,
                                                          .lockup = lockup,
                                                          .pc = pc,
                                                          .cfsr = scs->cfsr,
                                                          .hfsr = scs->hfsr,
                                                          .mmfar = scs->mmfar,
                                                          .bfar = scs->bfar,
                                                          .cause = cpu->cause}});
    cpu_renew_interest(cpu);
}

unsigned fault_record(struct cpu *cpu, const struct found_fault *fault)
{
    unsigned exception = rows[fault->id].exception;
    unsigned taken = exception_escalated(cpu, exception);

    record(&cpu->scs, fault);
    if (taken != exception)
        cpu->scs.hfsr |= HFSR_FORCED;
    describe(cpu, fault);
    emit(cpu, taken, fault->pc, false);
    return exception;
}

void fault_raise(struct cpu *cpu, const struct found_fault *fault)
{
    unsigned exception = fault_record(cpu, fault);

    exception_raise(cpu, exception, fault->pc);
}

void fault_postpone(struct cpu *cpu, enum fault_id id, guest_addr pc)
{
    cpu->state.fault = (struct found_fault){.id = id, .pc = pc};
    scheduler_alert(cpu->config.scheduler);
}

void fault_lock_up(struct cpu *cpu)
{
    cpu->state.lockup = 1;
    emit(cpu, EXC_HARDFAULT, cpu->trace->state.pc, true);
}
