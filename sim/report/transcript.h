/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The conversation as it goes: what host and firmware say, with virtual times.
 *
 *     102.413 ms  host      GET_DESCRIPTOR(Device) 64 -> 18 bytes: 12 01 ...
 *
 * Columns are time, source and text. Verbose adds packets (without SOF and NAK, which would drown
 * the rest), transfers and interrupts.
 */
#ifndef SIM_REPORT_TRANSCRIPT_H
#define SIM_REPORT_TRANSCRIPT_H

#include "sim/report/report.h"

enum transcript_level { TRANSCRIPT_NORMAL, TRANSCRIPT_VERBOSE };

/* Gets one or more whole lines, ended by a line end. */
typedef void transcript_sink(void *owner, const char *lines);

struct transcript;

/*
 * Subscribes to `trace`, which must outlive it; `options` is copied. Every line goes to `sink` as
 * soon as it is known; the firmware's console output when its line ends.
 */
struct transcript *transcript_create(struct trace *trace, const struct report_options *options,
                                     enum transcript_level level, transcript_sink *sink,
                                     void *owner);

/* The end of the run: shows console output that had no line end yet. */
void transcript_finish(struct transcript *transcript);

/* The subscription cannot be taken back: the machine must not run afterwards. */
void transcript_destroy(struct transcript *transcript);

#endif
