/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a suppressions file: RULE WHERE:PATTERN... -- REASON, one a line. */
#include "sim/report/suppressions.h"

#include "sim/base/file.h"
#include "sim/base/glob.h"
#include "sim/base/heap.h"

#include <string.h>

struct suppressions {
    char *path;
    char *text; /* a copy of the file; entries point into it */
    struct suppression *entries;
    unsigned count;
};

/* Where in the file the reader is. */
struct reader {
    struct suppressions *into;
    unsigned line;
    char *start; /* of the line, which ends in NUL */
    char *at;
    struct failure *failure;
};

static const char *const where_names[WHERE_COUNT] = {
    [WHERE_FUNCTION] = "function", [WHERE_FILE] = "file", [WHERE_SYMBOL] = "symbol"};

const char *suppression_where_name(enum suppression_where where)
{
    return where_names[where];
}

/* The complaint is about `at`, a place in the present line. */
static enum status refuse(const struct reader *reader, const char *at, const char *what)
{
    struct text place = {0};

    text_printf(&place, "%s:%u:%u", reader->into->path, reader->line,
                (unsigned)(at - reader->start) + 1);
    (void)failure_set(reader->failure, STATUS_SUPPRESSIONS_SYNTAX, text_string(&place), "%s", what);
    text_free(&place);
    return STATUS_SUPPRESSIONS_SYNTAX;
}

static void skip_blanks(struct reader *reader)
{
    reader->at += strspn(reader->at, " \t");
}

/* The next word, cut out of the line; "" at the end of the line. */
static char *take_word(struct reader *reader)
{
    char *word;

    skip_blanks(reader);
    word = reader->at;
    reader->at += strcspn(word, " \t");
    if (*reader->at)
        *reader->at++ = '\0';
    return word;
}

static bool some_rule_matches(const char *pattern)
{
    for (unsigned id = 0; id < RULE_COUNT; id++) {
        if (glob_matches(pattern, rule_describe((enum rule_id)id)->name))
            return true;
    }
    return false;
}

/* The kind of WHERE:PATTERN; WHERE_COUNT if it is none. */
static unsigned where_of(const char *word)
{
    for (unsigned i = 0; i < WHERE_COUNT; i++) {
        size_t length = strlen(where_names[i]);

        if (!strncmp(word, where_names[i], length) && word[length] == ':')
            return i;
    }
    return WHERE_COUNT;
}

static enum status read_where(struct reader *reader, struct suppression *entry, const char *word)
{
    unsigned where = where_of(word);
    const char *pattern;

    if (where == WHERE_COUNT)
        return refuse(reader, word, "expected function:, file:, symbol: or -- and the reason");
    if (entry->where[where])
        return refuse(reader, word, "given twice in one line");
    pattern = strchr(word, ':') + 1;
    if (!*pattern)
        return refuse(reader, pattern, "the pattern is missing");
    entry->where[where] = pattern;
    return STATUS_OK;
}

static bool has_where(const struct suppression *entry)
{
    for (unsigned i = 0; i < WHERE_COUNT; i++) {
        if (entry->where[i])
            return true;
    }
    return false;
}

static enum status read_reason(struct reader *reader, struct suppression *entry)
{
    skip_blanks(reader);
    if (!*reader->at)
        return refuse(reader, reader->at, "the reason is missing behind --");
    entry->reason = reader->at;
    return STATUS_OK;
}

static enum status read_entry(struct reader *reader, struct suppression *entry)
{
    enum status status = STATUS_OK;
    char *word = take_word(reader);

    entry->line = reader->line;
    entry->rule = word;
    if (!some_rule_matches(word))
        return refuse(reader, word, "no rule is called so (see: fencepost rules)");
    for (word = take_word(reader); status == STATUS_OK && *word && strcmp(word, "--") != 0;
         word = take_word(reader)) {
        status = read_where(reader, entry, word);
        if (status != STATUS_OK)
            return status;
    }
    if (!has_where(entry))
        return refuse(reader, word, "expected function:, file: or symbol: and a pattern");
    if (!*word)
        return refuse(reader, word, "the reason is missing: -- REASON ends a line");
    return read_reason(reader, entry);
}

/* Reasons are printed: a terminal must not obey them. NULL if there is none. */
static const char *find_control(const char *line)
{
    for (; *line; line++) {
        if (((unsigned char)*line < ' ' && *line != '\t') || *line == 0x7f)
            return line;
    }
    return NULL;
}

static enum status read_line(struct reader *reader)
{
    struct suppressions *into = reader->into;

    skip_blanks(reader);
    if (!*reader->at || *reader->at == '#')
        return STATUS_OK;
    if (find_control(reader->at))
        return refuse(reader, find_control(reader->at), "a control character");
    into->entries = heap_resize(into->entries, (into->count + 1) * sizeof *into->entries);
    into->entries[into->count] = (struct suppression){0};
    return read_entry(reader, &into->entries[into->count++]);
}

/* Cuts the line that begins at `start` out of the text. Blanks and CR at its end are not part of
 * it. Returns where the next one begins, NULL behind the last. */
static char *cut_line(char *start)
{
    char *end = start + strcspn(start, "\n");
    char *next = *end ? end + 1 : NULL;

    while (end > start && strchr(" \t\r\n", end[-1]))
        end--;
    *end = '\0';
    return next;
}

static enum status read_lines(struct reader *reader, size_t size)
{
    const char *nul = memchr(reader->into->text, '\0', size);
    enum status status = STATUS_OK;
    char *next = reader->into->text;

    while (status == STATUS_OK && next) {
        reader->start = reader->at = next;
        next = cut_line(reader->start);
        reader->line++;
        /* A text that goes on behind a NUL is no text; the reader would not see the rest. */
        if (nul && !next)
            status = refuse(reader, nul, "a NUL byte");
        else
            status = read_line(reader);
    }
    return status;
}

enum status suppressions_parse(struct suppressions **suppressions, const char *path,
                               const char *bytes, size_t size, struct failure *failure)
{
    struct suppressions *into = heap_allocate(1, sizeof *into);
    struct reader reader = {.into = into, .failure = failure};
    enum status status;

    into->path = heap_copy_string(path);
    into->text = heap_allocate(size + 1, 1);
    memcpy(into->text, bytes, size);
    status = read_lines(&reader, size);
    if (status != STATUS_OK) {
        suppressions_free(into);
        into = NULL;
    }
    *suppressions = into;
    return status;
}

enum status suppressions_load(struct suppressions **suppressions, const char *path,
                              struct failure *failure)
{
    struct failure why = {STATUS_OK, ""};
    uint8_t *bytes = NULL;
    size_t size = 0;
    enum status status = file_read(path, &bytes, &size, &why);

    *suppressions = NULL;
    if (status == STATUS_OK || status == STATUS_FILE_EMPTY)
        status =
            suppressions_parse(suppressions, path, bytes ? (const char *)bytes : "", size, failure);
    else if (failure)
        *failure = why;
    heap_release(bytes);
    return status;
}

void suppressions_free(struct suppressions *suppressions)
{
    if (!suppressions)
        return;
    heap_release(suppressions->entries);
    heap_release(suppressions->text);
    heap_release(suppressions->path);
    heap_release(suppressions);
}

const struct suppression *suppressions_match(struct suppressions *suppressions,
                                             const struct finding *finding,
                                             const struct report_options *options)
{
    for (unsigned i = 0; i < suppressions_count(suppressions); i++) {
        struct suppression *entry = &suppressions->entries[i];

        if (suppression_covers(entry, finding, options)) {
            entry->used++;
            return entry;
        }
    }
    return NULL;
}

void suppressions_note_use(struct suppressions *suppressions, unsigned index)
{
    suppressions->entries[index].used++;
}

const char *suppressions_path(const struct suppressions *suppressions)
{
    return suppressions->path;
}

unsigned suppressions_count(const struct suppressions *suppressions)
{
    return suppressions ? suppressions->count : 0;
}

const struct suppression *suppression_at(const struct suppressions *suppressions, unsigned index)
{
    return &suppressions->entries[index];
}
