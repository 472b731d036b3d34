/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the monitor share. Nobody else includes this.
 *
 *     monitor.c          the table, help, and how a line is read
 *     monitor_look.c     commands that only look
 *     monitor_change.c   commands that change something
 */
#ifndef SIM_DEBUG_MONITOR_STATE_H
#define SIM_DEBUG_MONITOR_STATE_H

#include "sim/debug/monitor.h"

enum { MONITOR_WORDS = 8 };

/* One command that was typed. */
struct request {
    struct monitor *monitor;
    struct target *target;
    struct machine *machine;
    struct text *out;
    unsigned count; /* of words behind the command's name */
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
extern const struct monitor_command monitor_changes[];

/* Reads word `index` as a number, decimal or 0x hexadecimal; says so and returns false if it is not
 * there or not one. */
bool monitor_number(struct request *request, unsigned index, uint64_t *number);

/* True when word `index` is there and is `text`. */
bool monitor_word_is(const struct request *request, unsigned index, const char *text);

/* `dma eager` and the like. */
void monitor_set_policy(struct request *request);

/* "210.392328 ms" */
void monitor_print_time(struct text *out, sim_time when);

#endif
