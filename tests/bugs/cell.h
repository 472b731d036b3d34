/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One cell of the matrix: one seeded bug and its repaired twin in one build, both run, and a
 * verdict.
 *
 * A build may not contain a bug that its source has: the compiler was free to leave it out, and
 * then silence is right. That has to be shown from the object code or from a run, never assumed.
 */
#ifndef TESTS_BUGS_CELL_H
#define TESTS_BUGS_CELL_H

#include "tests/bugs/corpus.h"

enum cell_verdict {
    CELL_FIRES,       /* every rule reports its line; the twin is silent */
    CELL_ABSENT,      /* the object code does not contain the bug; `why` says how that is known */
    CELL_RULE_ABSENT, /* the catalogue has not got the rule; the twin is silent */
    CELL_MISSED,      /* a rule does not report its line */
    CELL_UNEXPECTED,  /* a rule reports what nobody marked */
    CELL_FALSE_ALARM, /* the twin is reported */
    CELL_BROKEN,      /* bug or twin cannot be run to its end */
    CELL_VERDICTS,
};

struct cell {
    enum cell_verdict bug;  /* any but CELL_FALSE_ALARM */
    enum cell_verdict twin; /* CELL_FIRES here means silent; or CELL_FALSE_ALARM, CELL_BROKEN */
    char why[256];          /* one sentence; "" where there is nothing to say */
};

enum cell_effort {
    CELL_QUICK,    /* bytes that nothing has written are looked for where the bug is about them */
    CELL_THOROUGH, /* ... are always looked for, with a second run of each */
};

/* Runs bug and twin of `build`. */
void cell_run(struct cell *cell, const struct bug *bug, const char *build, enum cell_effort effort);

/* Whether the cell is as it should be. A rule that is not there is neither good nor a failure. */
bool cell_good(const struct cell *cell);

/* "fires", "absent", ... */
const char *cell_word(enum cell_verdict verdict);

/* Writes the line to type next. */
void cell_command(const struct cell *cell, const struct bug *bug, const char *build, char *line,
                  size_t room);

#endif
