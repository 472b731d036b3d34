/* SPDX-License-Identifier: Apache-2.0 */
/* One program run from power-on to its end, and what was seen. */
#ifndef TESTS_BUGS_TRIAL_H
#define TESTS_BUGS_TRIAL_H

#include "sim/check/checker.h"
#include "sim/soc/machine.h"

enum { WINDOWS_MAX = 32 };

struct trial {
    struct machine *machine;
    struct checker *checker;
    enum machine_stop stop;
    bool ended_well;
    char complaint[320]; /* first thing that is not modelled, or forbidden; "" if none */
    uint64_t sent;       /* fingerprint of all bytes the device sent */
    /* Every window that a transfer had, each once. */
    unsigned windows;
    struct byte_range window[WINDOWS_MAX];
};

struct trial_options {
    const char *build;
    const char *program;
    const char *script;       /* "" is the Linux enumeration */
    const char *undocumented; /* "" is the usual silicon; else as for --undocumented */
    const char *board;        /* a board file; "" is an ordinary board */
    uint8_t ram_pattern;
    bool residue; /* look for bytes that nothing has written: a second run (BUF005) */
};

/* Runs the program. False, with the reason in `complaint`, when it cannot be loaded. */
bool trial_run(struct trial *trial, const struct trial_options *options);
void trial_close(struct trial *trial);

/* Accesses to windows of transfers that come from one source line. */
struct line_accesses {
    unsigned in_flight; /* while the window belonged to EasyDMA */
    unsigned elsewhen;
};

/* Runs the program again with an eye on the windows that `trial` has seen. */
struct line_accesses trial_accesses(const struct trial *trial, const struct trial_options *options,
                                    const char *file, unsigned line);

#endif
