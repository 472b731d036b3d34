/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cpu/nvic.h"

#include <assert.h>

#define BIT(n) ((uint64_t)1 << (n))

void nvic_reset(struct nvic *nvic)
{
    uint64_t line = nvic->line;

    /* Levels are the peripherals' and survive a reset of the core. */
    *nvic = (struct nvic){.enabled = BIT(EXC_NMI) | BIT(EXC_HARDFAULT) | BIT(EXC_SVCALL) |
                                     BIT(EXC_PENDSV) | BIT(EXC_SYSTICK),
                          .line = line};
}

void nvic_set_line(struct nvic *nvic, unsigned irq, bool level)
{
    uint64_t bit = BIT(EXC_IRQ + irq);

    assert(EXC_IRQ + irq < EXC_COUNT);
    if (level && !(nvic->line & bit))
        nvic->latched |= bit;
    nvic->line = level ? nvic->line | bit : nvic->line & ~bit;
}

void nvic_activate(struct nvic *nvic, unsigned exception)
{
    nvic->latched &= ~BIT(exception);
    nvic->active |= BIT(exception);
}

void nvic_deactivate(struct nvic *nvic, unsigned exception)
{
    nvic->active &= ~BIT(exception);
}

int nvic_priority(const struct nvic *nvic, unsigned exception)
{
    assert(exception > 0 && exception < EXC_COUNT);
    switch (exception) {
    case EXC_RESET:
        return -3;
    case EXC_NMI:
        return PRIORITY_NMI;
    case EXC_HARDFAULT:
        return PRIORITY_HARDFAULT;
    default:
        return nvic->priority[exception];
    }
}

int nvic_group_priority(const struct nvic *nvic, int priority)
{
    unsigned subpriority_bits = nvic->group + 1;

    return priority < 0 ? priority : priority >> subpriority_bits << subpriority_bits;
}

static int more_urgent(int a, int b)
{
    return a < b ? a : b;
}

int nvic_execution_priority(const struct nvic *nvic, const struct exception_masks *masks)
{
    int highest = PRIORITY_IDLE;

    for (uint64_t left = nvic->active; left; left &= left - 1) {
        int priority = nvic_priority(nvic, (unsigned)__builtin_ctzll(left));

        highest = more_urgent(highest, nvic_group_priority(nvic, priority));
    }
    if (!masks)
        return highest;
    if (masks->basepri)
        highest = more_urgent(highest, nvic_group_priority(nvic, (int)masks->basepri));
    if (masks->primask)
        highest = more_urgent(highest, 0);
    if (masks->faultmask)
        highest = more_urgent(highest, PRIORITY_HARDFAULT);
    return highest;
}

unsigned nvic_next(const struct nvic *nvic)
{
    unsigned next = 0;

    for (uint64_t left = nvic_pending(nvic) & nvic->enabled; left; left &= left - 1) {
        unsigned exception = (unsigned)__builtin_ctzll(left);

        /* Equal priorities: the lower number first. */
        if (!next || nvic_priority(nvic, exception) < nvic_priority(nvic, next))
            next = exception;
    }
    return next;
}

unsigned nvic_preempting(const struct nvic *nvic, const struct exception_masks *masks)
{
    unsigned next = nvic_next(nvic);

    if (next &&
        nvic_group_priority(nvic, nvic_priority(nvic, next)) < nvic_execution_priority(nvic, masks))
        return next;
    return 0;
}
