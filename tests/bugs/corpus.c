/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bugs/corpus.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool corpus_word(const char *words, unsigned index, char *word, size_t room)
{
    words += strspn(words, " ");
    for (; index > 0; index--) {
        words += strcspn(words, " ");
        words += strspn(words, " ");
    }
    size_t size = strcspn(words, " \n");
    if (size == 0)
        return false;
    assert(size < room);
    memcpy(word, words, size);
    word[size] = '\0';
    return true;
}

static void read_expectations(struct bug *bug, const char *rules, unsigned line)
{
    struct expectation *next;

    for (unsigned i = 0; bug->expectations < EXPECTATIONS_MAX; i++) {
        next = &bug->expectation[bug->expectations];
        if (!corpus_word(rules, i, next->rule, sizeof next->rule))
            return;
        next->line = line;
        bug->expectations++;
    }
}

static void read_allowances(struct bug *bug, const char *rules)
{
    for (unsigned i = 0; bug->allowed < EXPECTATIONS_MAX; i++) {
        if (!corpus_word(rules, i, bug->allowance[bug->allowed], RULE_NAME_MAX))
            return;
        bug->allowed++;
    }
}

static void read_line(struct bug *bug, const char *text, unsigned line)
{
    static const char expect[] = "// expect: ";
    static const char may[] = "// may: ";
    static const char undocumented[] = "// undocumented: ";
    const char *at;

    if ((at = strstr(text, expect)))
        read_expectations(bug, at + strlen(expect), line);
    if ((at = strstr(text, may)))
        read_allowances(bug, at + strlen(may));
    if ((at = strstr(text, undocumented)))
        (void)corpus_word(at + strlen(undocumented), 0, bug->undocumented,
                          sizeof bug->undocumented);
}

static FILE *open_source(struct bug *bug)
{
    static const char *const endings[] = {".c", ".cpp"};
    FILE *source = NULL;
    char path[160];

    for (unsigned i = 0; i < 2 && !source; i++) {
        (void)snprintf(bug->file, sizeof bug->file, "%s%s", bug->name, endings[i]);
        (void)snprintf(path, sizeof path, "firmware/bugs/%s", bug->file);
        source = fopen(path, "r");
    }
    return source;
}

/* The path of a file that goes with the program, or "". */
static void find_beside(char *path, size_t room, const char *name, const char *ending)
{
    (void)snprintf(path, room, "firmware/bugs/%s.%s", name, ending);
    if (access(path, R_OK) != 0)
        path[0] = '\0';
}

bool corpus_read(struct bug *bug, const char *name)
{
    char text[256];
    unsigned line = 0;

    *bug = (struct bug){.expectations = 0};
    (void)snprintf(bug->name, sizeof bug->name, "%s", name);
    (void)snprintf(bug->twin, sizeof bug->twin, "%s-repaired", name);
    find_beside(bug->script, sizeof bug->script, name, "usb");
    find_beside(bug->board, sizeof bug->board, name, "board");
    FILE *source = open_source(bug);
    if (!source) {
        (void)fprintf(stderr, "firmware/bugs/%s: no source\n", name);
        return false;
    }
    while (fgets(text, sizeof text, source))
        read_line(bug, text, ++line);
    (void)fclose(source);
    if (bug->expectations == 0)
        (void)fprintf(stderr, "firmware/bugs/%s: no line is marked \"// expect: RULE\"\n",
                      bug->file);
    return bug->expectations > 0;
}
