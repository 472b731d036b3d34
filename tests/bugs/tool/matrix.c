/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One column of the matrix: runs every bug and its twin in one build and prints a line for each,
 * fields separated by tabs:
 *
 *     bug  build  verdict on the bug  verdict on the twin  good|bad  why  command to type next
 *
 *     matrix BUILD
 */
#include "tests/bugs/cell.h"

#include <stdio.h>

enum { COMMAND_MAX = 512 };

static bool print_cell(const char *name, const char *build)
{
    char command[COMMAND_MAX];
    struct bug bug;
    struct cell cell;

    if (!corpus_read(&bug, name))
        return false;
    cell_run(&cell, &bug, build, CELL_THOROUGH);
    cell_command(&cell, &bug, build, command, sizeof command);
    (void)printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\n", name, build, cell_word(cell.bug),
                 cell.twin == CELL_FIRES ? "silent" : cell_word(cell.twin),
                 cell_good(&cell) ? "good" : "bad", cell.why, command);
    return cell_good(&cell);
}

int main(int argc, char **argv)
{
    char name[BUG_NAME_MAX];
    bool good = true;

    if (argc != 2) {
        (void)fprintf(stderr, "usage: matrix BUILD\n");
        return 2;
    }
    for (unsigned i = 0; corpus_word(BUG_NAMES, i, name, sizeof name); i++)
        good = print_cell(name, argv[1]) && good;
    return good ? 0 : 1;
}
