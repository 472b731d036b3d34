/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of sharing, as text that slices of one search hand to each other:
 *
 *     ram WORD COUNT LOADS STORES     COUNT words of RAM from number WORD on
 *     register SLOT COUNT READS WRITES
 *     contended WORD COUNT MASK 0     WORD in groups of 64
 *     stack ADDRESS 1 0 0
 *     frame 0 1 1 0                   a token found no room in its frame
 *
 * WORD, COUNT and SLOT are decimal, everything else is hexadecimal.
 */
#include "sim/explore/sharing.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Two tables in parallel, or the first alone. */
static void write_table(struct text *text, const char *name, const uint64_t *first,
                        const uint64_t *second, bool both, uint32_t size)
{
    uint32_t end;

    for (uint32_t i = 0; i < size; i = end) {
        uint64_t other = both ? second[i] : 0;

        for (end = i + 1; end < size; end++) {
            if (first[end] != first[i] || (both && second[end] != other))
                break;
        }
        if (first[i] || other)
            text_printf(text, "%s %" PRIu32 " %" PRIu32 " %" PRIx64 " %" PRIx64 "\n", name, i,
                        end - i, first[i], other);
    }
}

void sharing_write(struct text *text, const struct sharing *sharing)
{
    write_table(text, "ram", sharing->loads, sharing->stores, true, SHARING_WORDS);
    write_table(text, "register", sharing->reads, sharing->writes, true, SHARING_REGISTERS);
    write_table(text, "contended", sharing->contended, sharing->contended, false,
                SHARING_WORDS / 64);
    if (sharing->stack_low)
        text_printf(text, "stack %" PRIu32 " 1 0 0\n", sharing->stack_low);
    write_table(text, "frame", &sharing->full_frame, &sharing->full_frame, false, 1);
}

struct line {
    char name[12];
    uint32_t at;
    uint32_t count;
    uint64_t first;
    uint64_t second;
};

static bool fill(uint64_t *first, uint64_t *second, uint32_t size, const struct line *line)
{
    if (line->at >= size || line->count > size - line->at)
        return false;
    for (uint32_t i = line->at; i < line->at + line->count; i++) {
        first[i] |= line->first;
        if (second)
            second[i] |= line->second;
    }
    return true;
}

static bool take(struct sharing *sharing, const struct line *line)
{
    if (!strcmp(line->name, "ram"))
        return fill(sharing->loads, sharing->stores, SHARING_WORDS, line);
    if (!strcmp(line->name, "register"))
        return fill(sharing->reads, sharing->writes, SHARING_REGISTERS, line);
    if (!strcmp(line->name, "contended"))
        return fill(sharing->contended, NULL, SHARING_WORDS / 64, line);
    if (!strcmp(line->name, "frame"))
        return fill(&sharing->full_frame, NULL, 1, line);
    if (strcmp(line->name, "stack") != 0 || line->at - RAM_BASE >= RAM_SIZE)
        return false;
    sharing_note_stack(sharing, line->at);
    return true;
}

enum status sharing_read(struct sharing *sharing, const char *text, const char *name,
                         struct failure *failure)
{
    unsigned number = 1;

    for (const char *at = text; *at; number++) {
        size_t length = strcspn(at, "\n");
        struct line line;
        int used = 0;

        if (length &&
            (sscanf(at, "%11s %" SCNu32 " %" SCNu32 " %" SCNx64 " %" SCNx64 "%n", line.name,
                    &line.at, &line.count, &line.first, &line.second, &used) != 5 ||
             (size_t)used != length || !take(sharing, &line)))
            return failure_set(failure, STATUS_KNOWN_SYNTAX, name, "line %u", number);
        at += length + (at[length] == '\n');
    }
    return STATUS_OK;
}
