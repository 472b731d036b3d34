/* SPDX-License-Identifier: Apache-2.0 */
/* How report text looks: width, colours, times, numbers of things. Inside sim/report. */
#ifndef SIM_REPORT_STYLE_H
#define SIM_REPORT_STYLE_H

#include "sim/base/text.h"
#include "sim/core/time.h"

#include <stdbool.h>
#include <stdint.h>

enum { REPORT_WIDTH = 100 };

enum paint { PAINT_ERROR, PAINT_WARNING, PAINT_GOOD, PAINT_STRONG, PAINT_FAINT };

/* Formatted text in a colour, or plain when `colour` is false. */
void paint(struct text *text, bool colour, enum paint paint, const char *format, ...)
    PRINTF_LIKE(4, 5);

/*
 * Appends `words` from the present column (`column`) on, broken at spaces so that no line passes
 * REPORT_WIDTH; further lines are indented by `indent`. Line ends in `words` are kept. Ends
 * without a line end.
 */
void wrap(struct text *text, unsigned column, unsigned indent, const char *words);

/* The column the last line of `text` has reached. Colours count as nothing. */
unsigned column_of(const struct text *text);

/* "102.413": milliseconds with `digits` (3 or 6) decimals, cut, right-aligned to `width`. */
void print_milliseconds(struct text *text, sim_time when, unsigned digits, unsigned width);

/* "s" unless `count` is 1. */
const char *plural(uint64_t count);

/* "thread mode", "SysTick", "IRQ 39": what number `exception` of IPSR stands for. */
void print_exception(struct text *text, unsigned exception);

#endif
