/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gdb sessions in the documentation are run as they stand there: a block that begins with
 * "$ make debug", lines that are typed behind "(gdb) ", and what has to come, in this order. "..."
 * at the end of a line stands for anything, and a number for any number: addresses and times are
 * the compiler's business.
 */
#include "tests/cmocka.h"
#include "tests/debug/gdb.h"

#include "sim/base/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROMPT "(gdb) "
#define START "$ make debug FW="

static struct gdb_session session;

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    struct text text = {0};
    char bytes[4096];
    size_t size;

    if (!file)
        fail_msg("%s: cannot be read", path);
    while ((size = fread(bytes, 1, sizeof bytes, file)))
        text_append(&text, bytes, size);
    (void)fclose(file);
    return text.bytes;
}

/* Cuts the next line off; NULL at the end of the block. */
static char *next_line(char **at)
{
    char *line = *at;
    char *end = strchr(line, '\n');

    if (!end || !strncmp(line, "```", 3))
        return NULL;
    *end = '\0';
    *at = end + 1;
    return line;
}

/* "usb-3 ARGS=--dma=eager": the program, and the options behind it. */
static const char *options_of(char *program)
{
    char *space = strchr(program, ' ');

    if (!space)
        return "";
    *space = '\0';
    return strncmp(space + 1, "ARGS=", 5) ? "" : space + 6;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Writes '#' for each number, in place: decimal, hexadecimal, with or without a point. */
static void blank_numbers(char *text)
{
    char *to = text;

    for (const char *from = text; *from;) {
        bool begins = isdigit((unsigned char)*from) && (from == text || !is_word(from[-1]));

        if (!begins) {
            *to++ = *from++;
            continue;
        }
        while (isxdigit((unsigned char)*from) || *from == 'x' || *from == '.')
            from++;
        *to++ = '#';
    }
    *to = '\0';
}

/* Runs what is typed. */
static void type(const char *program, const char *options, const char *block)
{
    struct text typed = {0};
    char *copy = strdup(block);
    char *at = copy;
    char *line;

    while ((line = next_line(&at))) {
        if (!strncmp(line, PROMPT, strlen(PROMPT)))
            text_printf(&typed, "%s\n", line + strlen(PROMPT));
    }
    gdb_type(&session, program, options, text_string(&typed));
    blank_numbers(session.output);
    text_free(&typed);
    free(copy);
}

/* Looks for what has to come; returns how many lines that was. */
static unsigned compare(const char *block)
{
    char *copy = strdup(block);
    char *at = copy;
    unsigned count = 0;
    char *line;

    while ((line = next_line(&at))) {
        char *rest = strstr(line, "...");

        if (rest && !strcmp(rest, "..."))
            *rest = '\0';
        if (!*line || !strncmp(line, PROMPT, strlen(PROMPT)))
            continue;
        blank_numbers(line);
        gdb_says(&session, line);
        count++;
    }
    free(copy);
    return count;
}

/* Returns how many sessions there are. */
static unsigned run_sessions(const char *path)
{
    char *text = read_file(path);
    char *at = text;
    unsigned count = 0;

    while ((at = strstr(at, START))) {
        char *program = at + strlen(START);
        const char *options;

        at = program;
        program = next_line(&at);
        options = options_of(program);
        type(program, options, at);
        assert_true(compare(at) >= 3);
        count++;
    }
    free(text);
    return count;
}

static void the_session_in_the_readme_goes_as_it_says(void **state)
{
    (void)state;
    assert_int_equal(run_sessions("README.md"), 1);
}

static void the_sessions_of_the_page_on_debugging_go_as_they_say(void **state)
{
    (void)state;
    assert_true(run_sessions("docs/debugging.md") >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_session_in_the_readme_goes_as_it_says),
        cmocka_unit_test(the_sessions_of_the_page_on_debugging_go_as_they_say),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
