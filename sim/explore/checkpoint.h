/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A search that was stopped, as a file: every strategy goes on from it as if it had never been
 * stopped.
 *
 * The file holds the graph with the states that wait, what was learnt of sharing, and the jobs a
 * process that died left undone. It is for the same program, image and options; anything else, and
 * a damaged file, is refused.
 */
#ifndef SIM_EXPLORE_CHECKPOINT_H
#define SIM_EXPLORE_CHECKPOINT_H

#include "sim/explore/campaign.h"

/* The file is complete or as it was before. */
MUST_CHECK enum status checkpoint_save(struct campaign *campaign, const char *path,
                                       struct failure *failure);

/* Behind campaign_create, before campaign_run. On failure the campaign is not to be run. */
MUST_CHECK enum status checkpoint_load(struct campaign *campaign, const char *path,
                                       struct failure *failure);

#endif
