/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the server share. Nobody else includes this.
 *
 *     server.c   bytes, acknowledgements, running, stop replies
 *     command.c  packets about registers, memory, breakpoints
 *     resume.c   packets that make it run, or end the session
 *     query.c    those that begin with q, Q and v and ask what there is
 */
#ifndef SIM_DEBUG_SERVER_STATE_H
#define SIM_DEBUG_SERVER_STATE_H

#include "sim/debug/description.h"
#include "sim/debug/monitor.h"
#include "sim/debug/packet.h"
#include "sim/debug/server.h"
#include "sim/debug/threads.h"

struct server {
    struct target *target;
    struct link *link;
    struct monitor monitor;
    struct packet_reader reader;
    struct text out;    /* to be sent */
    struct text last;   /* the latest packet, in case it has to be sent again */
    struct text answer; /* where answers are put together */
    enum thread thread; /* whose registers are asked for */
    bool no_ack;
    bool extended;
    bool knows_swbreak;
    bool knows_hwbreak;
    bool running;
    bool leaving; /* the session is over */
    bool killed;  /* and so is everything */
};

/* ---- server.c -------------------------------------------------------------------------------- */

void server_reply(struct server *server, const char *text);
void server_reply_text(struct server *server, const struct text *text);
void server_reply_stop(struct server *server);
void server_fail(struct server *server); /* "E01" */

/* To the debugger's console; it listens while the target runs and during `monitor`. */
void server_print(struct server *server, const char *bytes, size_t size);
void server_print_text(struct server *server, struct text *text);

/* What firmware and target have said since. */
void server_print_what_is_new(struct server *server);

/* ---- command.c ------------------------------------------------------------------------------- */

/* Obeys the packet; its bytes are changed. One that is not understood gets an empty answer. */
void server_dispatch(struct server *server, char *packet, size_t size);

/* One row of a table of packets: what they begin with, and who obeys. `args` is what follows,
 * NUL-terminated, `size` bytes. */
struct packet_row {
    const char *prefix;
    void (*obey)(struct server *server, const char *args, size_t size);
};

/* ---- resume.c -------------------------------------------------------------------------------- */

/* The rows of resume.c; ends with a row without prefix. */
extern const struct packet_row resume_rows[];

/* ---- query.c --------------------------------------------------------------------------------- */

/* The rows of query.c; ends with a row without prefix. */
extern const struct packet_row query_rows[];

#endif
