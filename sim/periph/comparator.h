/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What COMP and LPCOMP have in common: an input, two thresholds, an output and its events. They
 * share their registers' base; comp.c and lpcomp.c say what is compared with what.
 */
#ifndef SIM_PERIPH_COMPARATOR_H
#define SIM_PERIPH_COMPARATOR_H

#include "sim/periph/analog.h"
#include "sim/periph/regfile.h"

/* Offsets that are the same in both lists. */
enum {
    COMPARATOR_START = 0x000,
    COMPARATOR_STOP = 0x004,
    COMPARATOR_SAMPLE = 0x008,
    COMPARATOR_READY = 0x100,
    COMPARATOR_DOWN = 0x104,
    COMPARATOR_UP = 0x108,
    COMPARATOR_CROSS = 0x10c,
    COMPARATOR_RESULT = 0x400,
};

/* In millivolts. */
struct comparison {
    uint32_t input;
    uint32_t down; /* below it, the output becomes low */
    uint32_t up;   /* above it, the output becomes high */
};

struct comparator;

/* What the two differ in. Constant. */
struct comparator_kind {
    struct comparison (*compare)(const struct comparator *comparator);
    /* The output changed; `up` says to what. NULL: nothing more to do. */
    void (*crossed)(struct comparator *comparator, bool up);
    enum event_id ready;
    enum choice_point start_time;
};

struct comparator {
    struct regfile regs;
    struct fabric *fabric;
    const struct comparator_kind *kind;
    /* Plain state, one registered region. */
    struct comparator_state {
        uint32_t running; /* READY has come */
        uint32_t above;   /* the output */
    } state;
};

/* Connects the comparator; `comparator` and `fabric` must stay in place. */
void comparator_init(struct comparator *comparator, struct fabric *fabric,
                     const struct block_spec *spec, const struct comparator_kind *kind);
void comparator_reset(struct comparator *comparator);

/* Hooks and shortcuts of both. The owner is the struct comparator. */
extern const struct reg_hook comparator_hooks[];
extern const struct reg_short comparator_shorts[];
enum { COMPARATOR_SHORTS = 5 };

/* The two blocks. */
extern const struct block_spec comp_spec;
extern const struct block_spec lpcomp_spec;

struct comp {
    struct comparator comparator;
};

struct lpcomp {
    struct comparator comparator;
};

void comp_init(struct comp *comp, struct fabric *fabric, const struct block_spec *spec);
void comp_reset(struct comp *comp, enum reset_kind reason);
void lpcomp_init(struct lpcomp *lpcomp, struct fabric *fabric, const struct block_spec *spec);

/* Going to System OFF, it keeps comparing, to wake the chip with WIRE_ANADETECT. */
void lpcomp_reset(struct lpcomp *lpcomp, enum reset_kind reason);

#endif
