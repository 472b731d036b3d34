/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 (RFC 3629), for texts that come from files and firmware and need not be any. */
#ifndef SIM_BASE_UTF8_H
#define SIM_BASE_UTF8_H

#include <stddef.h>

/* What stands for bytes that are no character. */
#define UTF8_REPLACEMENT "\xef\xbf\xbd"

/* The length, 1 to 4, of the character at `bytes`, a C string; 0 at its end and for anything that
 * is not well-formed: overlong forms, surrogates, beyond U+10FFFF, cut short. */
size_t utf8_length(const char *bytes);

#endif
