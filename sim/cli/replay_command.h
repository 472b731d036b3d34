/* SPDX-License-Identifier: Apache-2.0 */
/* The command line that repeats a run. */
#ifndef SIM_CLI_REPLAY_COMMAND_H
#define SIM_CLI_REPLAY_COMMAND_H

#include "sim/cli/run_options.h"
#include "sim/explore/token.h"

/*
 * "fencepost replay [OPTION]... TOKEN IMAGE...": repeats `plan` and finds in it what `options`
 * find. `token` (may be NULL) receives the token alone. False, and nothing is written: no token can
 * stand for it.
 */
bool replay_print(struct text *text, const struct run_options *options, const struct plan *plan,
                  uint64_t fingerprint, char token[TOKEN_ROOM]);

#endif
