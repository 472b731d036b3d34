/* SPDX-License-Identifier: Apache-2.0 */
/* Many hostile conversations with one firmware, each from a snapshot behind the enumeration. */
#ifndef TESTS_MACHINE_CAMPAIGN_H
#define TESTS_MACHINE_CAMPAIGN_H

#include "sim/soc/machine.h"

#include <stdbool.h>
#include <stddef.h>

struct campaign_result {
    unsigned conversations;
    unsigned failures;
    uint64_t bytes;    /* moved by EasyDMA */
    sim_time time;     /* virtual, all conversations together */
    sim_time last;     /* when the last one ended */
    char example[600]; /* how the first failure shows itself, a line */
};

/*
 * Runs seeds first, first + step, ... below last on `image`. Returns false when the image cannot be
 * loaded or does not enumerate; `example` says why.
 */
bool campaign_run(const char *image, enum choice_policy dma, uint64_t first, uint64_t last,
                  uint64_t step, struct campaign_result *result);

#endif
