/* SPDX-License-Identifier: Apache-2.0 */
/* What `fencepost debug` was asked to do. */
#ifndef SIM_CLI_DEBUG_OPTIONS_H
#define SIM_CLI_DEBUG_OPTIONS_H

#include "sim/cli/run_options.h"

struct debug_options {
    struct run_options run; /* what it has in common with `fencepost run` */
    size_t history_bytes;
    const char *token;   /* --replay; NULL: none */
    const char *address; /* where to listen */
    uint16_t port;
    bool address_given;
    const char *unix_path; /* NULL: TCP */
    bool stdio;
    bool help; /* asked for --help; nothing else is valid */
};

/* Reads argv. Returns -1 when all is well, else the exit code after having said why. */
int debug_options_read(struct debug_options *options, int argc, char **argv);

/* The text of `fencepost debug --help`. */
const char *debug_options_help(void);

#endif
