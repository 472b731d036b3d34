/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns as people type them for names. */
#ifndef SIM_BASE_GLOB_H
#define SIM_BASE_GLOB_H

#include <stdbool.h>

/* Whether all of `text` fits `pattern`: * is any text, also none and with slashes, ? is any one
 * byte, and everything else is itself. */
bool glob_matches(const char *pattern, const char *text);

#endif
