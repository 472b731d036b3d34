/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same firmware on ideal silicon and on one with errata: what differs, and which erratum, or
 * answer to an open question, makes the difference.
 *
 * Both chips read as the same revision, so that firmware which looks takes the same path. Where
 * that path needs an erratum (the workaround for 154 does), the ideal chip is given it too.
 */
#ifndef SIM_EXPLORE_DIFFERENTIAL_H
#define SIM_EXPLORE_DIFFERENTIAL_H

#include "sim/explore/checked.h"
#include "sim/explore/plan.h"
#include "sim/explore/wire_log.h"

enum side_id { SIDE_IDEAL, SIDE_REAL, SIDES };

/* One run that is over. Machine and checker are kept: reports ask them. */
struct side {
    struct machine *machine;
    struct checker *checker;
    struct wire_log log;
    enum machine_stop stop;
};

enum difference {
    DIFFERENCE_NONE,
    DIFFERENCE_END,     /* the runs do not end in the same way */
    DIFFERENCE_WIRE,    /* the device sent something else */
    DIFFERENCE_FINDING, /* only one of them has it */
};

struct differential {
    struct side side[SIDES];
    struct silicon ideal; /* what SIDE_IDEAL ran on */
    enum difference kind;
    size_t packet;                 /* WIRE: the first that differs; one log may end with it */
    const struct finding *finding; /* FINDING: belongs to the checker of side `has` */
    enum side_id has;
    uint16_t errata;  /* bit n: enum erratum n makes a difference by itself */
    uint16_t answers; /* bit n: so does the answer to enum undocumented n */
};

/*
 * Runs `plan`, whose silicon is the real one, on both; and where they differ once more for each of
 * its errata and answers alone. Released with differential_free, also after a failure.
 */
MUST_CHECK enum status differential_run(struct differential *differential, const struct plan *plan,
                                        const struct checked_options *checked,
                                        struct failure *failure);
void differential_free(struct differential *differential);

/* The firmware and its host came to a regular end. */
bool side_ended_well(const struct side *side);

#endif
