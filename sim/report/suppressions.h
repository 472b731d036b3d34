/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings a user has looked at and lives with: a file of patterns, each with its reason
 * (docs/suppressions.md).
 *
 *     # rule  where                                  why
 *     DMA001  function:vendor_write file:vendor*.c  -- mended in the next release
 */
#ifndef SIM_REPORT_SUPPRESSIONS_H
#define SIM_REPORT_SUPPRESSIONS_H

#include "sim/report/report.h"

enum suppression_where { WHERE_FUNCTION, WHERE_FILE, WHERE_SYMBOL, WHERE_COUNT };

/* One line of the file. Strings are owned by the suppressions. */
struct suppression {
    const char *rule;               /* pattern */
    const char *where[WHERE_COUNT]; /* patterns; NULL: any. At least one is given */
    const char *reason;
    unsigned line;
    unsigned used; /* findings it has suppressed */
};

struct suppressions;

/* Reads `path`. An empty file is fine. Released with suppressions_free (NULL is fine). */
MUST_CHECK enum status suppressions_load(struct suppressions **suppressions, const char *path,
                                         struct failure *failure);

/*
 * As suppressions_load, from memory: `size` bytes which need not end in NUL or a line end.
 *
 * path     only named in errors, as PATH:LINE:COLUMN (both from 1, columns in bytes); copied.
 */
MUST_CHECK enum status suppressions_parse(struct suppressions **suppressions, const char *path,
                                          const char *bytes, size_t size, struct failure *failure);
void suppressions_free(struct suppressions *suppressions);

const char *suppressions_path(const struct suppressions *suppressions);
unsigned suppressions_count(const struct suppressions *suppressions);
const struct suppression *suppression_at(const struct suppressions *suppressions, unsigned index);

/*
 * Whether all patterns of one line fit `finding`. Functions and files are those of the guilty
 * instruction and of the start of the transfer, inlined functions and the caller that is blamed for
 * a library's memcpy included; a file pattern without a slash fits names in every folder. The
 * symbol is the object that holds the buffer, or the register that was used wrongly.
 */
bool suppression_covers(const struct suppression *entry, const struct finding *finding,
                        const struct report_options *options);

/* The first line that covers `finding`, counted as used once more; NULL if none does or
 * `suppressions` is NULL. */
const struct suppression *suppressions_match(struct suppressions *suppressions,
                                             const struct finding *finding,
                                             const struct report_options *options);

/* Counts line `index` as used once more: somebody else has found out. */
void suppressions_note_use(struct suppressions *suppressions, unsigned index);

/* "function", "file" or "symbol". */
const char *suppression_where_name(enum suppression_where where);

#endif
