/* SPDX-License-Identifier: Apache-2.0 */
/* What a verbose transcript tells besides: packets, transfers, interrupts. Inside sim/report. */
#ifndef SIM_REPORT_DETAIL_H
#define SIM_REPORT_DETAIL_H

#include "sim/report/report.h"

#define DETAIL_KINDS                                                                               \
    (TRACE_KIND(USB_PACKET) | TRACE_KIND(DMA_OPEN) | TRACE_KIND(DMA_CAPTURE) |                     \
     TRACE_KIND(DMA_CLOSE) | TRACE_KIND(DMA_OBSERVED) | TRACE_KIND(IRQ_ENTER) |                    \
     TRACE_KIND(IRQ_EXIT) | TRACE_KIND(PWM))

/* Puts `seen` in words; returns its source column, or NULL when it is not worth a line. */
const char *print_detail(struct text *text, const struct observation *seen,
                         const struct report_options *options);

#endif
