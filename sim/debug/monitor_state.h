/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the monitor share. Nobody else includes this.
 *
 *     monitor.c          the table, help, and how a line is read
 *     monitor_look.c     commands that only look at the machine
 *     monitor_usb.c      the bus and both ends of it
 *     monitor_why.c      who wrote what, out of the past
 *     monitor_change.c   commands that change something
 *     monitor_host.c     what the host is made to do
 */
#ifndef SIM_DEBUG_MONITOR_STATE_H
#define SIM_DEBUG_MONITOR_STATE_H

#include "sim/debug/monitor.h"

enum { MONITOR_WORDS = 80 };

/* One command that was typed. */
struct request {
    struct monitor *monitor;
    struct target *target;
    struct machine *machine;
    struct text *out;
    struct text line; /* what stands behind the command's name */
    unsigned count;   /* of words in it */
    char *word[MONITOR_WORDS];
};

struct monitor_command {
    const char *name;
    const char *arguments;
    const char *help;
    void (*obey)(struct request *request);
};

/* Each ends with a row without name. */
extern const struct monitor_command monitor_looks[];
extern const struct monitor_command monitor_bus[];
extern const struct monitor_command monitor_writers[];
extern const struct monitor_command monitor_changes[];
extern const struct monitor_command monitor_hosts[];

/* Reads word `index` as a number, decimal or 0x hexadecimal; says so and returns false if it is not
 * there or not one. */
bool monitor_number(struct request *request, unsigned index, uint64_t *number);

/* True when word `index` is there and is `text`. */
bool monitor_word_is(const struct request *request, unsigned index, const char *text);

/* `dma eager` and the like. */
void monitor_set_policy(struct request *request);

/* One open transfer: its window, its start, and how far it is, byte by byte. */
void monitor_print_transfer(struct request *request, const struct transfer *transfer);

/* "210.392328 ms" */
void monitor_print_time(struct text *out, sim_time when);

#endif
