/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_EXPLORE_COVERAGE_H
#define SIM_EXPLORE_COVERAGE_H

#include "sim/explore/watcher.h"

static inline void coverage_see_access(struct coverage *coverage, const struct watcher *watcher,
                                       guest_addr pc, struct byte_range range, bool store)
{
    (void)coverage;
    (void)watcher;
    (void)pc;
    (void)range;
    (void)store;
}
static inline void coverage_see_open(struct coverage *coverage, const struct obs_dma_open *open)
{
    (void)coverage;
    (void)open;
}
static inline void coverage_see_word(struct coverage *coverage, const struct obs_dma_word *word)
{
    (void)coverage;
    (void)word;
}
static inline void coverage_see_close(struct coverage *coverage, const struct obs_dma_close *close)
{
    (void)coverage;
    (void)close;
}
static inline void coverage_see_entry(struct coverage *coverage, const struct watcher *watcher,
                                      unsigned exception)
{
    (void)coverage;
    (void)watcher;
    (void)exception;
}

#endif
