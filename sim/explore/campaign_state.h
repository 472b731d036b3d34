/* SPDX-License-Identifier: Apache-2.0 */
/* What an exploration consists of, for campaign.c and checkpoint.c. */
#ifndef SIM_EXPLORE_CAMPAIGN_STATE_H
#define SIM_EXPLORE_CAMPAIGN_STATE_H

#include "sim/explore/campaign.h"
#include "sim/explore/crew.h"
#include "sim/explore/graph.h"
#include "sim/explore/strategy.h"

enum { SLOT_BYTES = 512 * 1024 }; /* address space; memory is used for what is written only */

/* What processes share: jobs and what came of them. */
struct job_board {
    struct job job[JOBS];
    struct walk walk[JOBS];
    struct sharing known;
    struct sharing learned;
};

struct campaign {
    const struct plan *plan;
    struct campaign_options options;
    struct walker *walker;
    struct job_board *board;
    uint8_t *slots;
    uint32_t slot_count;
    struct crew *crew;
    struct graph graph;
    uint64_t fingerprint;
    struct walk reference;
    struct campaign_progress progress;
    campaign_enough *enough;
    void *enough_owner;
    uint64_t given;   /* jobs, since campaign_create */
    unsigned pending; /* jobs on the board that were given and not done */
    uint32_t knew;    /* `changes` of what was known before the first step */
    bool begun;       /* the reference run reached where exploring begins */
    bool resumed;     /* the round under way began before campaign_create */
    char reason[120]; /* why it broke */
};

/* The bytes of a slot; NULL: the root. */
uint8_t *campaign_slot(const struct campaign *campaign, uint32_t slot);

/* Counts anew. */
void campaign_renew_progress(struct campaign *campaign);

#endif
