/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Virtual time and the queue of what will happen.
 *
 * Events are data, not callbacks: they can be printed, hashed, stored and replayed. Who handles an
 * event is wiring, set once when the machine is built (scheduler_handle).
 */
#ifndef SIM_CORE_SCHEDULE_H
#define SIM_CORE_SCHEDULE_H

#include "sim/core/time.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_id {
#define EVENT(name, priority, brief) EVENT_##name,
#include "sim/core/event.def"
#undef EVENT
    EVENT_ID_COUNT,
};

struct event {
    sim_time when;
    uint32_t order;    /* insertion number; set by scheduler_add */
    uint16_t id;       /* enum event_id */
    uint16_t instance; /* which of several equal blocks or channels */
    uint64_t argument; /* meaning is the handler's */
};

enum { EVENT_QUEUE_CAPACITY = 256, SCHEDULER_INSTANCES = 8 };

/* Plain state, one registered region. Read `now` freely; change it only through this file and the
 * CPU's instruction counter. */
struct schedule {
    sim_time now;
    /*
     * The CPU looks up from its work when now >= attention: at the next event or at once
     * (0) when somebody asked for it with scheduler_alert.
     */
    sim_time attention;
    uint32_t next_order;
    uint32_t count;
    struct event heap[EVENT_QUEUE_CAPACITY];
};

typedef void event_handler(void *owner, const struct event *event);

/* Which of `count` events that are due at one instant comes first: 0 is the usual one. */
typedef uint32_t event_tie(void *owner, uint32_t count);

struct scheduler {
    struct schedule state;
    event_tie *tie; /* wiring; NULL: the usual order */
    void *tie_owner;
    struct {
        event_handler *handle;
        void *owner;
    } wiring[EVENT_ID_COUNT][SCHEDULER_INSTANCES];
};

/* Time 0, no events. Wiring is kept. */
void scheduler_reset(struct scheduler *scheduler);

/* Sends every event of kind `id`, of any instance, to `handle(owner, ...)`. Later calls replace
 * earlier ones. */
void scheduler_handle(struct scheduler *scheduler, enum event_id id, event_handler *handle,
                      void *owner);

/* As scheduler_handle, for one of several equal blocks: `instance` < SCHEDULER_INSTANCES. */
void scheduler_handle_instance(struct scheduler *scheduler, enum event_id id, unsigned instance,
                               event_handler *handle, void *owner);

/* Schedules `id` in `delay` cycles from now (0 is allowed: before the next instruction). */
void scheduler_add(struct scheduler *scheduler, enum event_id id, uint16_t instance, sim_time delay,
                   uint64_t argument);

/* Removes every pending event `id` of `instance`; returns whether there was one. */
bool scheduler_cancel(struct scheduler *scheduler, enum event_id id, uint16_t instance);

/* Handles the first pending event `id` of `instance` now instead of when it is due; false when
 * there is none. */
bool scheduler_hurry(struct scheduler *scheduler, enum event_id id, uint16_t instance);

/*
 * For those who decide late when something happens (sim/explore): the pending event with insertion
 * number `order`, NULL when it was handled or cancelled; and bringing it forward to `when`, now or
 * later, but not later than it is due. It keeps its place among events of one instant, so the run
 * is the one in which it had been scheduled for `when` from the start.
 */
const struct event *scheduler_event(const struct scheduler *scheduler, uint32_t order);
void scheduler_advance(struct scheduler *scheduler, uint32_t order, sim_time when);

/* When the first pending event `id` of `instance` is due; SIM_TIME_NEVER when there is none. */
sim_time scheduler_when(const struct scheduler *scheduler, enum event_id id, uint16_t instance);

/* When the next event of any kind is due; SIM_TIME_NEVER when the queue is empty. */
sim_time scheduler_next(const struct scheduler *scheduler);

/* Asks the CPU to look up before its next instruction, e.g. because a wire changed. */
void scheduler_alert(struct scheduler *scheduler);

/* Handles every event that is due at `now`, in order, and renews `attention`. */
void scheduler_dispatch(struct scheduler *scheduler);

/* Moves time forward to `when` (>= now) without executing anything, as in sleep. */
void scheduler_skip_to(struct scheduler *scheduler, sim_time when);

/* The event's name as in event.def, e.g. "DMA_WORD". */
const char *event_name(enum event_id id);

#endif
