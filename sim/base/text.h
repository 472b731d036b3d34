/* SPDX-License-Identifier: Apache-2.0 */
/* A text that grows: where reports, listings and messages are put together before they are shown.
 */
#ifndef SIM_BASE_TEXT_H
#define SIM_BASE_TEXT_H

#include "sim/base/compiler.h"

#include <stdbool.h>
#include <stddef.h>

/* Start with `struct text text = {0};`, end with text_free. `bytes` is NUL-terminated or NULL. */
struct text {
    char *bytes;
    size_t length;
    size_t capacity;
};

void text_append(struct text *text, const char *bytes, size_t size);
void text_printf(struct text *text, const char *format, ...) PRINTF_LIKE(2, 3);

/* The content as a C string; "" when nothing was written. Owned by `text`. */
const char *text_string(const struct text *text);

/* Empties the text and keeps its memory. */
void text_clear(struct text *text);
void text_free(struct text *text);

/* Is `end` how the C string ends? */
bool text_ends_with(const char *string, const char *end);

#endif
