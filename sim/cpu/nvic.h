/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nested vectored interrupt controller: which exception comes next (Armv7-M B1.5, B3.4).
 *
 * Plain state and pure questions. Exceptions are numbered as in IPSR: 1 reset, 2 NMI, 3 HardFault,
 * 4 MemManage, 5 BusFault, 6 UsageFault, 11 SVCall, 14 PendSV, 15 SysTick, 16 + n interrupt n.
 */
#ifndef SIM_CPU_NVIC_H
#define SIM_CPU_NVIC_H

#include "sim/base/bits.h"

enum exception_number {
    EXC_THREAD = 0,
    EXC_RESET = 1,
    EXC_NMI = 2,
    EXC_HARDFAULT = 3,
    EXC_MEMMANAGE = 4,
    EXC_BUSFAULT = 5,
    EXC_USAGEFAULT = 6,
    EXC_SVCALL = 11,
    EXC_DEBUGMON = 12,
    EXC_PENDSV = 14,
    EXC_SYSTICK = 15,
    EXC_IRQ = 16,
    EXC_COUNT = 64,
};

enum {
    PRIORITY_BITS = 0xe0, /* three bits are implemented */
    PRIORITY_IDLE = 256,  /* nothing is active, nothing is masked */
    PRIORITY_HARDFAULT = -1,
    PRIORITY_NMI = -2,
};

struct nvic {
    /* Bit n belongs to exception n. */
    uint64_t enabled; /* always set for exceptions that cannot be disabled */
    uint64_t latched; /* pended by an edge or by software */
    uint64_t line;    /* level of the interrupt lines */
    uint64_t active;
    uint8_t priority[EXC_COUNT]; /* configurable ones; PRIORITY_BITS only */
    uint32_t group;              /* AIRCR.PRIGROUP */
    uint32_t reserved;
};

/* PRIMASK, BASEPRI and FAULTMASK. */
struct exception_masks {
    uint32_t primask;
    uint32_t basepri;
    uint32_t faultmask;
};

void nvic_reset(struct nvic *nvic);

/* Drives interrupt line `irq`. A rising edge latches, a level pends while not active. */
void nvic_set_line(struct nvic *nvic, unsigned irq, bool level);

/* Bit set of pending exceptions. */
static inline uint64_t nvic_pending(const struct nvic *nvic)
{
    return nvic->latched | (nvic->line & ~nvic->active);
}

static inline bool nvic_is_active(const struct nvic *nvic, unsigned exception)
{
    return nvic->active >> exception & 1;
}

static inline void nvic_pend(struct nvic *nvic, unsigned exception)
{
    nvic->latched |= (uint64_t)1 << exception;
}

/* Takes software's and the edge's request back; a high line pends again. */
static inline void nvic_unpend(struct nvic *nvic, unsigned exception)
{
    nvic->latched &= ~((uint64_t)1 << exception);
}

/* Pending becomes active, and back. */
void nvic_activate(struct nvic *nvic, unsigned exception);
void nvic_deactivate(struct nvic *nvic, unsigned exception);

/* Lower is more urgent: -3..255. */
int nvic_priority(const struct nvic *nvic, unsigned exception);

/* The part of `priority` that decides about pre-emption (B1.5.4); negative ones are kept. */
int nvic_group_priority(const struct nvic *nvic, int priority);

/* Of the code that executes now, masks included; `masks` NULL: without them. */
int nvic_execution_priority(const struct nvic *nvic, const struct exception_masks *masks);

/* The most urgent pending and enabled exception, 0 when there is none. */
unsigned nvic_next(const struct nvic *nvic);

/* The pending exception to be taken now, 0 when none pre-empts. */
unsigned nvic_preempting(const struct nvic *nvic, const struct exception_masks *masks);

#endif
