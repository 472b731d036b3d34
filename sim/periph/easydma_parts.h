/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of EasyDMA share: easydma.c moves, easydma_notice.c knows what the CPU notices,
 * easydma_report.c tells the trace stream. */
#ifndef SIM_PERIPH_EASYDMA_PARTS_H
#define SIM_PERIPH_EASYDMA_PARTS_H

#include "sim/periph/easydma.h"

/* ---- easydma_report.c ------------------------------------------------------------------------ */

/* OBS_DMA_OPEN or OBS_DMA_CAPTURE with the window as it is now. */
void easydma_report_window(struct easydma *dma, const struct easydma_transfer *transfer,
                           enum observation_kind kind);
void easydma_report_word(struct easydma *dma, const struct easydma_transfer *transfer,
                         struct byte_range word, const uint8_t *bytes);
void easydma_report_closed(struct easydma *dma, const struct easydma_transfer *transfer,
                           enum dma_end how);

/* `pc` of the load that told the CPU, `event` what it loaded; 0 when there was none. */
void easydma_report_observed(struct easydma *dma, const struct easydma_transfer *transfer,
                             guest_addr pc, guest_addr event);

/* The CPU knows that the first `bytes` have moved. */
void easydma_report_known(struct easydma *dma, const struct easydma_transfer *transfer,
                          uint32_t bytes);
void easydma_report_misuse(struct easydma *dma, unsigned channel, enum misuse misuse,
                           uint32_t offset, uint32_t value);

/* ---- easydma_notice.c ------------------------------------------------------------------------ */

/* What the CPU does with the registers of blocks that have channels. */
extern const struct reg_observer easydma_observer;

/* The channel is about to be started with `window`: what becomes of its transfer that ended. */
void easydma_leave_behind(struct easydma *dma, unsigned channel, enum dma_trigger trigger,
                          struct byte_range window);

/* Which events of the channel are set by now, as `stale` wants it. */
uint8_t easydma_events_set(const struct easydma *dma, unsigned channel);

/* Drops the past transfers of the channel. */
void easydma_drop_past(struct easydma *dma, unsigned channel);

#endif
