/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replay tokens: everything that decides the course of a run besides the image, in a word that can
 * be read over the telephone, and a check on the image.
 *
 * "3XK2-9QFM-A01B-7YC": base 32 without letters that look like digits, in groups of four. Upper and
 * lower case are the same, hyphens may be left out. A token that was mistyped, or is another
 * image's, is refused.
 */
#ifndef SIM_EXPLORE_TOKEN_H
#define SIM_EXPLORE_TOKEN_H

#include "sim/explore/plan.h"

enum { TOKEN_ROOM = 3500 };

/*
 * What the token vouches for: a fingerprint of all that was loaded, the host's conversation too. To
 * be taken behind plan_build. Debug information and the format of the file make no difference.
 */
uint64_t token_fingerprint(struct machine *machine);

/* Writes the token of `plan`; false, and "", for a host or a board that no word can describe. Which
 * file a conversation is in the token does not say. */
bool token_write(char token[TOKEN_ROOM], const struct plan *plan, uint64_t fingerprint);

/*
 * Fills machine options and time-out of `plan` with what `token` says, and leaves its images alone.
 * With HOST_SCRIPT the caller has to set host_script.
 * `check` receives what token_check wants. Fails when the token is damaged.
 */
MUST_CHECK enum status token_read(struct plan *plan, uint32_t *check, const char *token,
                                  struct failure *failure);

/* Fails unless the token that gave `check` is one for the machine with this fingerprint. */
MUST_CHECK enum status token_check(const char *token, uint32_t check, uint64_t fingerprint,
                                   struct failure *failure);

#endif
