/* SPDX-License-Identifier: Apache-2.0 */
/* The real gdb as an editor drives it: through its machine interface, command by command. */
#ifndef TESTS_DEBUG_MI_H
#define TESTS_DEBUG_MI_H

#include <stdio.h>
#include <sys/types.h>

struct mi {
    pid_t gdb;
    FILE *to;
    FILE *from;
    char said[8192]; /* the latest that it said, for messages */
};

/* Starts gdb with the symbols of a program of firmware/ and connects it to a simulator. */
void mi_start(struct mi *mi, const char *program);

/* Sends a command and reads until a line has `expected` in it; fails the test when none comes. */
void mi_ask(struct mi *mi, const char *command, const char *expected);

/* Reads on until a line has `expected` in it. */
void mi_wait(struct mi *mi, const char *expected);

void mi_end(struct mi *mi);

#endif
