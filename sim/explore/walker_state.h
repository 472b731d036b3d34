/* SPDX-License-Identifier: Apache-2.0 */
/* What a walker consists of, for walker.c and ends.c. */
#ifndef SIM_EXPLORE_WALKER_STATE_H
#define SIM_EXPLORE_WALKER_STATE_H

#include "sim/explore/walker.h"
#include "sim/explore/watcher.h"

enum { JUDGED = 64 };

struct walker {
    const struct plan *plan;
    struct walker_options options;
    struct machine *machine;
    struct checker *checker;
    struct keep *keep;
    struct watcher watcher; /* what sees the machine and answers its questions */
    sim_time deadline;
    unsigned judged; /* findings about which `counts` was asked; a ring */
    struct judgement {
        uint32_t rule;
        guest_addr pc;
        guest_addr start;
        guest_addr caller; /* LR: of a copy routine */
        bool counts;
    } judgement[JUDGED];
};

/* The key of the present state, and of what led to it. */
uint64_t walker_key(struct walker *walker);

/* How the walk ended when the machine stopped with `stop`, into `walk`. */
void walker_tell_end(struct walker *walker, enum machine_stop stop, struct walk *walk);

/* Findings and other answers end a walk at the next stop. */
bool walker_has_failed(struct walker *walker);

/* How long a control transfer may make no progress; when that time is over for the one under way;
 * and whether it is. */
sim_time walker_patience(const struct walker *walker);
sim_time walker_end_of_patience(const struct walker *walker);
bool walker_is_hung(const struct walker *walker);

#endif
