/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of the board, line by line: "10ms : 01 02 03   # a comment". */
#ifndef SIM_BOARD_LINES_H
#define SIM_BOARD_LINES_H

#include "sim/base/status.h"
#include "sim/core/time.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A line under way, NUL-terminated; `at` moves on. */
struct line_cursor {
    const char *path;
    unsigned number; /* from 1 */
    const char *begin;
    const char *at;
};

/* Reads a line; what it leaves over is a mistake. */
typedef enum status line_reader(void *owner, struct line_cursor *cursor, struct failure *failure);

/* Calls `read` for each line of `text` that is neither empty nor a comment, with `at` at its first
 * word, as long as it gives STATUS_OK. `name` is told in mistakes; a NUL byte is one. */
MUST_CHECK enum status lines_parse(const char *name, const char *text, size_t size,
                                   line_reader *read, void *owner, struct failure *failure);

/* lines_parse of what is in the file `path`. */
MUST_CHECK enum status lines_read(const char *path, line_reader *read, void *owner,
                                  struct failure *failure);

/* STATUS_BOARD: "PATH: line 2, column 3: WHAT". */
enum status line_mistake(const struct line_cursor *cursor, const char *what,
                         struct failure *failure);

/* At the end of the line, or at a comment. */
bool line_is_over(const struct line_cursor *cursor);

void line_skip_spaces(struct line_cursor *cursor);

/* Each takes one thing and the spaces behind it; false, and nothing taken: it is not there. */
bool line_take_word(struct line_cursor *cursor, const char *word); /* a whole word, or one sign */
bool line_take_byte(struct line_cursor *cursor, uint8_t *byte);    /* two hexadecimal digits */
bool line_take_number(struct line_cursor *cursor, uint32_t highest, uint32_t *number);
bool line_take_time(struct line_cursor *cursor, sim_time *when); /* 10ms, 500us, 1s */

#endif
