/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cli/board_words.h"

#include "sim/cli/cli.h"

bool board_words_know(int id)
{
    return id == OPTION_BOARD || id >= OPTION_PORT_FIRST;
}

void board_words_read(struct board_words *words, struct board_options *options, int id,
                      const char *argument)
{
    if (id == OPTION_BOARD)
        words->path = argument;
    else
        options->port[id - OPTION_PORT_FIRST] = argument;
}

int board_words_settle(struct board_words *words, struct board_options *options)
{
    struct failure failure;

    if (!words->path || board_file_read(&words->file, options, words->path, &failure) == STATUS_OK)
        return -1;
    return cli_failure(&failure);
}
