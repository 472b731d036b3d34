/* SPDX-License-Identifier: Apache-2.0 */
/* What users have looked at and live with. */
#include "tests/report/scene.h"

#include "sim/base/heap.h"
#include "sim/base/rng.h"
#include "sim/report/suppressions.h"
#include "tests/report/fake_image.h"

#include <stdio.h>
#include <string.h>

static struct suppressions *parsed(const char *text)
{
    struct suppressions *suppressions;
    struct failure failure;

    if (suppressions_parse(&suppressions, "s.txt", text, strlen(text), &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    return suppressions;
}

static void refused(const char *text, size_t size, const char *complaint)
{
    struct suppressions *suppressions;
    struct failure failure;

    assert_int_equal(suppressions_parse(&suppressions, "s.txt", text, size, &failure),
                     STATUS_SUPPRESSIONS_SYNTAX);
    assert_null(suppressions);
    assert_string_equal(failure.message, complaint);
}

/* Whether the line covers the seeded bug, by memcpy called by answer in usb-3.c. */
static bool covers(struct scene *scene, const char *line)
{
    struct suppressions *suppressions = parsed(line);
    bool covered;

    scene->options.image = fake_image();
    if (!checker_finding_count(scene->checker))
        scene_memcpy_after_start(scene);
    covered = suppressions_match(suppressions, checker_finding(scene->checker, 0),
                                 &scene->options) != NULL;
    assert_int_equal(suppression_at(suppressions, 0)->used, covered);
    suppressions_free(suppressions);
    return covered;
}

static void comments_blank_lines_and_blanks_mean_nothing(void **state)
{
    struct suppressions *suppressions = parsed("\n# a * comment\n  \t\r\n"
                                               "\tDMA001 \t function:a*  file:b.c symbol:c --  "
                                               "why not \t\r\n"
                                               "DMA00? symbol:d -- last line without end");
    const struct suppression *entry = suppression_at(suppressions, 0);

    (void)state;
    assert_int_equal(suppressions_count(suppressions), 2);
    assert_string_equal(entry->rule, "DMA001");
    assert_string_equal(entry->where[WHERE_FUNCTION], "a*");
    assert_string_equal(entry->where[WHERE_FILE], "b.c");
    assert_string_equal(entry->where[WHERE_SYMBOL], "c");
    assert_string_equal(entry->reason, "why not");
    assert_int_equal(entry->line, 4);
    entry = suppression_at(suppressions, 1);
    assert_null(entry->where[WHERE_FUNCTION]);
    assert_string_equal(entry->reason, "last line without end");
    assert_int_equal(entry->line, 5);
    suppressions_free(suppressions);

    suppressions = parsed("");
    assert_int_equal(suppressions_count(suppressions), 0);
    suppressions_free(suppressions);
}

#define REFUSED(text, complaint) refused(text, sizeof(text) - 1, "s.txt:" complaint)

static void a_mistake_is_told_with_line_and_column(void **state)
{
    (void)state;
    REFUSED("# fine\n  DMA999 file:a -- x",
            "2:3: mistake in the suppressions: no rule is called so (see: fencepost rules)");
    REFUSED("DMA001 a -- x", "1:8: mistake in the suppressions: expected function:, file:, symbol: "
                             "or -- and the reason");
    REFUSED("DMA001 file: -- x", "1:13: mistake in the suppressions: the pattern is missing");
    REFUSED("DMA001 file:a file:b -- x",
            "1:15: mistake in the suppressions: given twice in one line");
    REFUSED("DMA001 -- x", "1:8: mistake in the suppressions: expected function:, file: or symbol: "
                           "and a pattern");
    REFUSED("DMA001\n", "1:7: mistake in the suppressions: expected function:, file: or symbol: "
                        "and a pattern");
    REFUSED("DMA001 file:a\n",
            "1:14: mistake in the suppressions: the reason is missing: -- REASON ends a line");
    REFUSED("DMA001 file:a -- \n",
            "1:17: mistake in the suppressions: the reason is missing behind --");
    REFUSED("DMA001 file:a -- \x1b[2J", "1:18: mistake in the suppressions: a control character");
    REFUSED("DMA001 file:a -- b\0c", "1:19: mistake in the suppressions: a NUL byte");
}

static void a_file_that_is_not_there_is_told(void **state)
{
    struct suppressions *suppressions;
    struct failure failure;

    (void)state;
    assert_int_equal(suppressions_load(&suppressions, "none.txt", &failure), STATUS_FILE_MISSING);
    assert_string_equal(failure.message, "none.txt: no such file");
}

static void functions_and_files_of_both_sides_are_looked_at(void **state)
{
    struct scene *scene = *state;

    assert_true(covers(scene, "DMA001 function:memcpy -- the instruction's"));
    assert_true(covers(scene, "DMA* function:ans?er -- the caller's that is blamed"));
    assert_true(covers(scene, "DMA001 function:usbd_start_epin0 -- the start's, inlined"));
    assert_false(covers(scene, "DMA001 function:main -- further up: not blamed"));

    assert_true(covers(scene, "DMA001 file:usb-3.c -- in any folder"));
    assert_true(covers(scene, "DMA001 file:tests/*.c -- with its folder"));
    assert_true(covers(scene, "DMA001 file:usbd.h -- the start's"));
    assert_false(covers(scene, "DMA001 file:source/usb-3.c -- from the wrong folder"));
}

static void the_symbol_is_that_of_the_buffer(void **state)
{
    struct scene *scene = *state;

    assert_true(covers(scene, "DMA001 symbol:buffer -- the buffer"));
    assert_false(covers(scene, "DMA001 symbol:answer -- a function"));
    scene->options.image = NULL;
}

static void the_symbol_may_be_a_register_that_was_used_wrongly(void **state)
{
    struct scene *scene = *state;
    struct obs_misuse misuse = {
        .misuse = MISUSE_WRITE_READ_ONLY, .address = 0x40027108, .pc = FAKE_MAIN, .value = 1};

    scene_cpu(scene, FAKE_MAIN, 0, NULL);
    scene_emit(scene, (struct observation){.kind = OBS_MISUSE, .misuse = misuse});

    assert_true(covers(scene, "PER* symbol:USBD.EVENTS_* -- known"));
    assert_false(covers(scene, "PER* symbol:POWER.* -- another block"));
}

static void all_patterns_of_a_line_have_to_fit(void **state)
{
    struct scene *scene = *state;

    assert_true(covers(scene, "DMA001 symbol:buffer function:answer -- both"));
    assert_false(covers(scene, "DMA001 symbol:buffer function:main -- only one"));
}

static void the_first_line_that_fits_is_the_one_used(void **state)
{
    struct suppressions *suppressions = parsed("DMA001 file:x.c -- no\n"
                                               "DMA001 file:*.c -- first\n"
                                               "DMA001 file:*   -- second\n");
    struct scene *scene = *state;

    scene->options.image = fake_image();
    scene_memcpy_after_start(scene);

    assert_string_equal(
        suppressions_match(suppressions, checker_finding(scene->checker, 0), &scene->options)
            ->reason,
        "first");
    assert_int_equal(suppression_at(suppressions, 2)->used, 0);
    suppressions_free(suppressions);
}

static void without_symbols_only_patterns_for_everything_could_fit(void **state)
{
    struct scene *scene = *state;
    struct suppressions *suppressions = parsed("DMA001 function:* -- any");

    scene_memcpy_after_start(scene);

    assert_null(
        suppressions_match(suppressions, checker_finding(scene->checker, 0), &scene->options));
    assert_null(suppressions_match(NULL, checker_finding(scene->checker, 0), &scene->options));
    suppressions_free(suppressions);
}

/* Pieces that a parser has to tell apart, and bytes that it has to refuse. */
static size_t compose(struct rng *rng, char *text, size_t room)
{
    static const char *const pieces[] = {
        "DMA001 ", "DMA001 ", "DMA* ", "file:",    "file:a ", "function:f* ", "symbol:s ", "-- ",
        "-- ",     "reason",  "x\n",   "\n",       " ",       "\t",           "\r\n",      "#",
        "*?",      ":",       "\x1b",  "\xff\xfe", ""};
    size_t size = 0;

    for (unsigned count = rng_between(rng, 0, 14); count; count--) {
        const char *piece = pieces[rng_between(rng, 0, ARRAY_LENGTH(pieces) - 1)];
        size_t length = *piece ? strlen(piece) : 1; /* the last one is a NUL byte */

        if (size + length > room)
            break;
        memcpy(text + size, piece, length);
        size += length;
    }
    return size;
}

/* A complaint names a line and a column that are in the text, or just behind the line. */
static void assert_points_into(const char *message, const char *text, size_t size)
{
    unsigned line;
    unsigned column;
    size_t at = 0;
    size_t length;

    assert_int_equal(sscanf(message, "s.txt:%u:%u: ", &line, &column), 2);
    for (; line > 1; line--) {
        const char *end = memchr(text + at, '\n', size - at);

        assert_non_null(end);
        at = (size_t)(end - text) + 1;
    }
    for (length = 0; at + length < size && text[at + length] != '\n'; length++)
        ;
    assert_in_range(column, 1, length + 1);
}

static void any_bytes_are_taken_or_refused_with_a_place(void **state)
{
    struct rng rng;
    unsigned taken = 0;
    unsigned lines = 0;

    (void)state;
    rng_seed(&rng, 3);
    for (unsigned i = 0; i < 40000; i++) {
        struct suppressions *suppressions = NULL;
        struct failure failure;
        char *text = heap_allocate(96, 1);
        size_t size = compose(&rng, text, 96);

        if (suppressions_parse(&suppressions, "s.txt", text, size, &failure) == STATUS_OK) {
            taken++;
            lines += suppressions_count(suppressions);
        } else {
            assert_points_into(failure.message, text, size);
        }
        suppressions_free(suppressions);
        heap_release(text);
    }
    /* Without both, nothing was tried. */
    assert_in_range(taken, 1000, 39000);
    assert_in_range(lines, 10, 40000);
}

#define IN_A_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comments_blank_lines_and_blanks_mean_nothing),
        cmocka_unit_test(a_mistake_is_told_with_line_and_column),
        cmocka_unit_test(a_file_that_is_not_there_is_told),
        IN_A_SCENE(functions_and_files_of_both_sides_are_looked_at),
        IN_A_SCENE(the_symbol_is_that_of_the_buffer),
        IN_A_SCENE(the_symbol_may_be_a_register_that_was_used_wrongly),
        IN_A_SCENE(all_patterns_of_a_line_have_to_fit),
        IN_A_SCENE(the_first_line_that_fits_is_the_one_used),
        IN_A_SCENE(without_symbols_only_patterns_for_everything_could_fit),
        cmocka_unit_test(any_bytes_are_taken_or_refused_with_a_place),
    };

    return cmocka_run_group_tests_name("suppressions", tests, NULL, NULL);
}
