/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the sources of the seeded bugs say about themselves (firmware/bugs).
 *
 *     ... // expect: DMA001           this line is guilty: the rule must name it
 *     ... // expect: DMA001 FEN001    of two rules
 *     // may: BUF003                  a consequence that not every build shows
 *     // undocumented: odd-bytes:spoils   the silicon it is run on, as for --undocumented
 */
#ifndef TESTS_BUGS_CORPUS_H
#define TESTS_BUGS_CORPUS_H

#include <stdbool.h>
#include <stddef.h>

enum { EXPECTATIONS_MAX = 8, RULE_NAME_MAX = 16, BUG_NAME_MAX = 64 };

/* One rule that must report one line. */
struct expectation {
    char rule[RULE_NAME_MAX];
    unsigned line;
};

struct bug {
    char name[BUG_NAME_MAX];
    char twin[BUG_NAME_MAX + 16]; /* "NAME-repaired" */
    char file[BUG_NAME_MAX + 8];  /* "NAME.c" or "NAME.cpp" */
    char script[128];             /* firmware/bugs/NAME.usb, or "": the Linux enumeration */
    char undocumented[64];        /* "", or how the silicon is not as usual */
    char board[128];              /* firmware/bugs/NAME.board, or "": an ordinary board */
    unsigned expectations;
    struct expectation expectation[EXPECTATIONS_MAX];
    unsigned allowed;
    char allowance[EXPECTATIONS_MAX][RULE_NAME_MAX];
};

/* Copies word number `index` of `words`, which blanks separate; false when there are no more. */
bool corpus_word(const char *words, unsigned index, char *word, size_t room);

/* Reads what the source of `name` expects. False, and one line on stderr, when it cannot. */
bool corpus_read(struct bug *bug, const char *name);

#endif
