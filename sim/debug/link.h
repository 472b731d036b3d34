/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wire to the debugger: TCP, a Unix socket, or standard input and output. One debugger at a
 * time; another one that knocks is told why it cannot come in.
 *
 * The only place in the simulator where the host's time passes: waiting for the debugger.
 */
#ifndef SIM_DEBUG_LINK_H
#define SIM_DEBUG_LINK_H

#include "sim/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct link;

/* Listens at an IPv4 address in numbers; port 0: any that is free. Released with link_close. */
MUST_CHECK enum status link_listen_tcp(struct link **link, const char *address, uint16_t port,
                                       struct failure *failure);

/* Listens at a socket in the file system; an old one of that name nobody answers at is replaced. */
MUST_CHECK enum status link_listen_unix(struct link **link, const char *path,
                                        struct failure *failure);

/* The debugger is at the other end of standard input and output. */
struct link *link_open_stdio(void);

void link_close(struct link *link);

/* Where it listens, for people: "127.0.0.1:3333", a path, or "standard input". */
const char *link_name(const struct link *link);

/* Waits for a debugger. False: none will come (standard input is used up, or a signal came). */
bool link_accept(struct link *link);

/* Sends the debugger away; another may come. */
void link_hang_up(struct link *link);

/* What link_receive brings besides a count of bytes. */
enum { LINK_NOTHING = 0, LINK_CLOSED = -1 };

/* Reads what has come, at most `room` bytes; `wait`: and waits for something. */
int link_receive(struct link *link, uint8_t *bytes, size_t room, bool wait);

/* Sends all of it. False: the debugger is gone. */
bool link_send(struct link *link, const char *bytes, size_t size);

#endif
