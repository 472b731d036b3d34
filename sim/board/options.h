/* SPDX-License-Identifier: Apache-2.0 */
/* What to plug into the board: one text a port, from options of the program or from a file. */
#ifndef SIM_BOARD_OPTIONS_H
#define SIM_BOARD_OPTIONS_H

#include "sim/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum board_port {
#define PORT(id, name, words) PORT_##id,
#include "sim/board/ports.def"
#undef PORT
    BOARD_PORTS,
};

/* By port: a list of words, separated by commas; docs/board.md has them. NULL: what is usual. */
struct board_options {
    const char *port[BOARD_PORTS];
};

/* "uart0" */
const char *board_port_name(enum board_port port);

/* The words it takes, for messages. */
const char *board_port_words(enum board_port port);

/* Nothing was asked for. */
bool board_is_ordinary(const struct board_options *options);

/* Changes with what is plugged in: words, and the content of files that are read. 0: nothing is. */
uint64_t board_fingerprint(const struct board_options *options);

/* Calls `use` for each word of `list` (NULL: none) in turn, as long as it gives STATUS_OK. */
MUST_CHECK enum status board_each_word(const char *list,
                                       enum status (*use)(void *owner, const char *word,
                                                          struct failure *failure),
                                       void *owner, struct failure *failure);

/* The text that a board file fills options with. */
struct board_file {
    char *text;
};

/*
 * Reads `path`, lines of the form "uart0 = loopback", and fills those of `options` that are NULL.
 * They point into `file`, which is released with board_file_free. Errors name line and column.
 */
MUST_CHECK enum status board_file_read(struct board_file *file, struct board_options *options,
                                       const char *path, struct failure *failure);
void board_file_free(struct board_file *file);

#endif
