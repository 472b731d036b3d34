/* SPDX-License-Identifier: Apache-2.0 */
/* The GDB remote protocol over one link, for one target, as long as debuggers come. */
#ifndef SIM_DEBUG_SERVER_H
#define SIM_DEBUG_SERVER_H

#include "sim/debug/link.h"
#include "sim/debug/target.h"

struct server;

/* Neither is owned. */
struct server *server_create(struct target *target, struct link *link);
void server_destroy(struct server *server);

/* Serves until the debugger ends the session with `kill`, or no further one can come. */
void server_run(struct server *server);

/* Takes `size` bytes as if they had come over the link; what is answered goes to `answers`
 * instead. For tests. Running is advanced until it halts or `most` slices are over. */
void server_feed(struct server *server, const void *bytes, size_t size, struct text *answers,
                 unsigned most);

#endif
