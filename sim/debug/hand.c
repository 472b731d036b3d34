/* SPDX-License-Identifier: Apache-2.0 */
/* What is changed by hand besides registers and memory: EasyDMA, the host, timing. */
#include "sim/debug/target_state.h"

void target_edited(struct target *target)
{
    target->edited = true;
}

/* The event of EasyDMA that is due first; NULL when it is idle. */
static const struct event *next_of_dma(const struct schedule *schedule)
{
    const struct event *next = NULL;

    for (uint32_t i = 0; i < schedule->count; i++) {
        const struct event *event = &schedule->heap[i];
        bool dma = event->id == EVENT_DMA_CAPTURE || event->id == EVENT_DMA_WORD ||
                   event->id == EVENT_DMA_END;

        if (dma && (!next || event->when < next->when ||
                    (event->when == next->when && event->order < next->order)))
            next = event;
    }
    return next;
}

unsigned target_step_dma(struct target *target, unsigned words)
{
    struct scheduler *scheduler = machine_scheduler(target->machine);
    const struct event *event;
    unsigned moved = 0;

    while (moved < words && (event = next_of_dma(&scheduler->state))) {
        moved += event->id == EVENT_DMA_WORD;
        target_edited(target);
        (void)scheduler_hurry(scheduler, (enum event_id)event->id, event->instance);
    }
    return moved;
}

struct host *target_take_host(struct target *target)
{
    struct host *host = machine_host(target->machine);

    host_take_over(host);
    target->hears_host = true;
    target_edited(target);
    return host;
}

void target_set_policy(struct target *target, enum choice_policy policy)
{
    chooser_set_dma_policy(machine_chooser(target->machine), policy);
    target_edited(target);
}
