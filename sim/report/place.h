/* SPDX-License-Identifier: Apache-2.0 */
/* Names for addresses, quotations from the source, and walks back through the callers. */
#ifndef SIM_REPORT_PLACE_H
#define SIM_REPORT_PLACE_H

#include "sim/report/report.h"

enum { PLACES = 16, FRAMES = 24 };

/* The places of `pc`, innermost first, at most PLACES; 0 without debug information. */
unsigned places_of(const struct report_options *options, guest_addr pc,
                   struct source_place *places);

/* The one of them that tells a reader who did it; false when none does: no line is known, or
 * `pc` is in a copy routine and its caller has to be asked. */
bool telling_place(const struct report_options *options, guest_addr pc, struct source_place *place);

/* As telling_place, and failing that the line itself, whatever it is in. */
bool any_place(const struct report_options *options, guest_addr pc, struct source_place *place);

/* The call frames of `site`, innermost first, at most FRAMES and at least 1. */
unsigned frames_of(const struct report_options *options, const struct site *site,
                   struct frame *frames);

/* The place that is blamed for what happened at `site`: its own line or, where that is in a copy
 * routine or has no source, the first caller's that tells who did it. False when no line is known.
 */
bool blamed_place(const struct report_options *options, const struct site *site,
                  struct source_place *place);

/* "start_epin (inlined) at driver/usbd.c:40". */
void print_place(struct text *text, const struct source_place *place);

/* "memcpy+0x12", or the address alone: what is known of `pc` without lines. */
void print_symbol(struct text *text, const struct report_options *options, guest_addr pc);

/* "on_setup at firmware/usb-3.c:57", "memcpy+0x12" or "0x00001234". */
void print_code(struct text *text, const struct report_options *options, guest_addr pc);

/* "main.c:12"; nothing, and false, when the line is not known. */
bool print_line(struct text *text, const struct report_options *options, guest_addr pc);

/* "ep0_buffer+4 in .bss"; nothing, and false, when no object contains `address`. */
bool print_data(struct text *text, const struct report_options *options, guest_addr address);

/* The local variable that contained `address` at `site`; false when there is none, or none is
 * known. */
bool local_variable_of(const struct report_options *options, const struct site *site,
                       guest_addr address, struct variable *variable);

/* The variable, local or not, that the window of `transfer` begins in. */
bool transfer_variable(const struct report_options *options, const struct transfer *transfer,
                       struct variable *variable);

/*
 * The buffer of `transfer`: "response+0, a local variable of answer", or as print_data.
 * Nothing, and false, when nothing is known of it.
 */
bool print_buffer_name(struct text *text, const struct report_options *options,
                       const struct transfer *transfer);

/*
 * Where `site` is, in the words that help most: the function at that instruction and, when it has
 * no source (a library's memcpy), its first caller that has; below, three lines of that source.
 */
void print_site(struct text *text, const struct report_options *options, const struct site *site);

/* "memcpy, called by answer at usb-3.c:10": as print_site, on one line and without the address. */
void print_site_briefly(struct text *text, const struct report_options *options,
                        const struct site *site);

/* The call frames of `site`, one line each, inlined functions included; nothing without symbols. */
void print_backtrace(struct text *text, const struct report_options *options,
                     const struct site *site);

/* Quotes `line` of `file` with its neighbours and a mark below; nothing if it cannot be read. */
void print_excerpt(struct text *text, const struct report_options *options, const char *file,
                   unsigned line, unsigned column);

/* The instruction at `pc` with its neighbours; nothing if its bytes are not known. */
void print_instructions(struct text *text, const struct report_options *options, guest_addr pc);

/* `file` as seen from the current folder. A pointer into `file`. */
const char *shown_path(const char *file);

#endif
