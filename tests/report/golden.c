/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/report/golden.h"

#include "sim/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_golden(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void read_golden(const char *path, struct text *text)
{
    FILE *file = fopen(path, "r");
    char part[4096];
    size_t size;

    if (!file)
        fail_msg("%s cannot be read; run from the project's folder", path);
    while ((size = fread(part, 1, sizeof part, file)) > 0)
        text_append(text, part, size);
    (void)fclose(file);
}

static size_t first_difference(const char *a, const char *b, unsigned *line)
{
    size_t at = 0;

    for (*line = 1; a[at] && a[at] == b[at]; at++)
        *line += a[at] == '\n';
    return at;
}

void assert_golden(const char *name, const char *text)
{
    struct text golden = {0};
    char path[256];
    unsigned line;

    (void)snprintf(path, sizeof path, "tests/report/golden/%s.txt", name);
    if (getenv("GOLDEN") && !strcmp(getenv("GOLDEN"), "write"))
        write_golden(path, text);
    read_golden(path, &golden);
    if (strcmp(text_string(&golden), text)) {
        size_t at = first_difference(text_string(&golden), text, &line);

        print_error("%s\n--- %s, line %u: expected\n%.160s\n--- but was\n%.160s\n"
                    "renew: GOLDEN=write make test-report, then look at git diff\n",
                    text, path, line, text_string(&golden) + at, text + at);
        text_free(&golden);
        fail();
    }
    text_free(&golden);
}
