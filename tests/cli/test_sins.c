/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware that is not compliant (firmware/sins): red on the lines its source names, and no other.
 */
#include "sim/base/file.h"
#include "sim/base/heap.h"
#include "tests/cli/program.h"
#include "tests/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_DIR FIRMWARE_DIR "/" FIRMWARE_DEFAULT

enum { WORDS_MAX = 32, WORD_MAX = 64, NAME_MAX_LENGTH = 80 };

/* Names of cases, in alphabetic order. */
struct words {
    char word[WORDS_MAX][WORD_MAX];
    unsigned count;
};

static void add_word(struct words *words, const char *at, size_t length)
{
    assert_true(words->count < WORDS_MAX && length < WORD_MAX);
    memcpy(words->word[words->count], at, length);
    words->word[words->count++][length] = '\0';
}

static int by_alphabet(const void *one, const void *two)
{
    return strcmp(one, two);
}

static void print_words(char *line, size_t room, struct words *words)
{
    size_t used = 0;

    qsort(words->word, words->count, sizeof words->word[0], by_alphabet);
    *line = '\0';
    for (unsigned i = 0; i < words->count && used < room; i++)
        used += (size_t)snprintf(line + used, room - used, " %s", words->word[i]);
}

/* "red: CASE CASE ..." in the first comment of the source. */
static struct words announced(const char *name)
{
    struct words words = {0};
    struct failure failure;
    char path[200];
    uint8_t *bytes;
    size_t size;
    char *at;

    (void)snprintf(path, sizeof path, "firmware/sins/%s.c", name);
    if (file_read(path, &bytes, &size, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    bytes = heap_resize(bytes, size + 1);
    bytes[size] = '\0';
    at = strstr((char *)bytes, "red:");
    if (!at)
        fail_msg("%s does not say what is red", path);
    for (at += strlen("red:"); strncmp(at, "*/", 2) != 0;) {
        size_t length = strcspn(at, " \n");

        if (length && *at != '*')
            add_word(&words, at, length);
        at += length ? length : 1;
    }
    heap_release(bytes);
    return words;
}

/* "case CASE" below the failures of the table. */
static struct words red(const struct outcome *outcome)
{
    static const char mark[] = "\n         case ";
    struct words words = {0};

    for (const char *at = outcome->output; (at = strstr(at, mark)) != NULL;) {
        at += strlen(mark);
        add_word(&words, at, strcspn(at, "\n"));
    }
    return words;
}

/* Control writes take as long as all other cases together, and are one program's matter. */
static void check_sin(const char *name)
{
    static struct outcome outcome;
    struct words expected = announced(name);
    struct words found;
    char command[300];
    char wanted[2048];
    char got[2048];

    (void)snprintf(command, sizeof command, "check %s " DEFAULT_DIR "/%s.elf",
                   strstr(name, "control-writes") ? "" : "--except=control-writes", name);
    run_program(&outcome, command);
    assert_code(&outcome, 1);
    found = red(&outcome);
    print_words(wanted, sizeof wanted, &expected);
    print_words(got, sizeof got, &found);
    if (!expected.count || strcmp(wanted, got) != 0)
        fail_msg("%s: red is%s, should be%s", name, got, wanted);
}

static void each_program_is_red_on_exactly_its_lines(void **state)
{
    const char *at = SIN_NAMES;
    char name[NAME_MAX_LENGTH];

    (void)state;
    for (size_t length; *at; at += length + (at[length] == ' ')) {
        length = strcspn(at, " ");
        (void)snprintf(name, sizeof name, "%.*s", (int)length, at);
        if (length)
            check_sin(name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_program_is_red_on_exactly_its_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
