/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every block is given by the chip around it. A block knows no other block and no CPU.
 */
#ifndef SIM_PERIPH_FABRIC_H
#define SIM_PERIPH_FABRIC_H

#include "sim/core/choice.h"
#include "sim/core/schedule.h"
#include "sim/core/state.h"
#include "sim/core/trace.h"
#include "sim/core/wire.h"
#include "sim/mem/bus.h"
#include "sim/mem/memory.h"
#include "sim/periph/silicon.h"

struct board;
struct easydma;
struct gpio;
struct analog;

struct fabric {
    struct scheduler *scheduler;
    struct chooser *chooser;
    struct wires *wires;
    struct trace *trace;
    struct memory *memory;
    struct bus *bus;
    struct state *state;
    uint64_t seed;           /* of random numbers, constant */
    struct board *board;     /* what the pins lead to; NULL: nothing */
    struct easydma *easydma; /* of all blocks that have channels */
    struct silicon silicon;  /* which chip it is; never changes */
    struct gpio *gpio;       /* for blocks that drive pins */
    struct analog *analog;   /* voltages at the analog pins */
    /* The PPI's ear: told the address of each event register in the instant the event fires.
     * NULL: nobody listens. */
    void (*publish)(void *owner, guest_addr event);
    void *publish_owner;
    /* On whose behalf tasks are triggered: DMA_BY_CPU except while regfile_raise runs shortcuts or
     * publishes. Never changes over an instant's end, so it is no state. */
    enum dma_trigger trigger;
};

#endif
