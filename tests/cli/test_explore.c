/* SPDX-License-Identifier: Apache-2.0 */
/* `fencepost explore` as a user runs it: verdict, exit code, story, token, and the files it writes.
 */
#include "tests/cli/program.h"
#include "tests/cmocka.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRMWARE(name) FIRMWARE_DIR "/" FIRMWARE_DEFAULT "/" name ".elf"
#define FILES FIRMWARE_DIR "/explored"
#define EXPLORE "explore --checkpoint=none "
#define PROGRAM_EXPLORE PROGRAM " " EXPLORE

static struct outcome outcome;
static struct outcome again;

static int exit_code_of(const char *command)
{
    int status = system(command);

    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* ---- Verdicts -------------------------------------------------------------------------------- */

static void a_clean_firmware_gives_0_and_states_the_bound(void **state)
{
    (void)state;
    run_program(&outcome, EXPLORE FIRMWARE("usb-5"));

    assert_code(&outcome, 0);
    assert_says(&outcome, "2 of 2 classes explored, clean\n");
    assert_says(&outcome, "\nbound: ");
    assert_says(&outcome, "\nleft out: ");
}

static void a_failing_timing_is_told_and_its_token_replays(void **state)
{
    char command[400] = "";
    const char *replay;

    (void)state;
    run_program(&outcome, EXPLORE "--timeout=1s " FIRMWARE("missed-wake-up"));
    assert_code(&outcome, 1);
    assert_says(&outcome, "IRQ 39 interrupts main");

    /* The line that is printed is the command that is typed. */
    replay = strstr(outcome.output, "\nReplay    fencepost ");
    assert_non_null(replay);
    assert_int_equal(sscanf(replay, "\nReplay    fencepost %399[^\n]", command), 1);
    run_program(&again, command);
    assert_code(&again, 1);
}

static void a_failing_timing_is_made_small_only_as_long_as_wanted(void **state)
{
    (void)state;
    run_program(&outcome, EXPLORE "--shrink=0 --timeout=1s " FIRMWARE("missed-wake-up"));
    assert_code(&outcome, 1);
    assert_says(&outcome, "\nAs it was found: ");
    assert_says(&outcome, " of the timing's answers not usual, more than need be (--shrink)\n");
    assert_says(&outcome, "\nReplay    fencepost ");

    run_program(&outcome, EXPLORE "--shrink=3 --timeout=1s " FIRMWARE("missed-wake-up"));
    assert_code(&outcome, 1);
    assert_says(&outcome, " answers of the timing matter (3 runs to find out)\n");
}

/* Byte by byte, and the tokens with them. */
static void the_output_is_the_same_with_any_number_of_jobs(void **state)
{
    static const char *const searches[] = {
        "--timeout=1s " FIRMWARE("pending-cleared-late"),
        "--all --budget=1000 " FIRMWARE("guard-not-atomic"),
        "--strategy=pct --depth=2 --budget=70 --seed=3 " FIRMWARE("usb-5"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof searches / sizeof *searches; i++) {
        static const unsigned jobs[] = {2, 3};
        char arguments[400];

        (void)snprintf(arguments, sizeof arguments, EXPLORE "--jobs=1 %s", searches[i]);
        run_program(&outcome, arguments);
        for (size_t j = 0; j < sizeof jobs / sizeof *jobs; j++) {
            (void)snprintf(arguments, sizeof arguments, EXPLORE "--jobs=%u %s", jobs[j],
                           searches[i]);
            run_program(&again, arguments);
            assert_int_equal(again.code, outcome.code);
            assert_string_equal(again.output, outcome.output);
        }
    }
}

static void wrong_usage_is_one_line_and_2(void **state)
{
    (void)state;
    run_program(&outcome, EXPLORE "--strategy=luck x");
    assert_usage_error(&outcome, "--strategy=luck: not one of: exhaustive, random, pct, coverage");
    run_program(&outcome, EXPLORE "--budget=soon x");
    assert_usage_error(&outcome, "--budget=soon: neither a time such as 5s nor a number of steps");
    run_program(&outcome, EXPLORE "--to=f x");
    assert_usage_error(&outcome, "--to needs --from");
    run_program(&outcome, EXPLORE "--slice=3/2 x");
    assert_usage_error(&outcome, "--slice=3/2: not like 1/4");
    run_program(&outcome, EXPLORE "--strategy=pct x");
    assert_usage_error(&outcome, "--strategy=pct never ends: --budget=5s or --budget=1000");
    run_program(&outcome, EXPLORE "--json --report=github x");
    assert_usage_error(&outcome, "--json leaves no room for a report on standard output");
    run_program(&outcome, EXPLORE "--verbose x");
    assert_usage_error(&outcome, "are for 'fencepost run'");
    run_program(&outcome, EXPLORE "--frame-places=0 x");
    assert_usage_error(&outcome, "--frame-places=0: not a number from 1 to 16");
    run_program(&outcome, EXPLORE "--shrink=all x");
    assert_usage_error(&outcome, "--shrink=all: not a number from 0 to 1000000");
    run_program(&outcome, EXPLORE "--from=main,0 x");
    assert_usage_error(&outcome, "--from=0: not a number from 1 to 1000000");
    run_program(&outcome, EXPLORE "--from=nothing " FIRMWARE("usb-5"));
    assert_one_line(&outcome, "nothing: the image has no such function");
    run_program(&outcome, EXPLORE "--resume=" FILES ".nothing " FIRMWARE("usb-5"));
    assert_one_line(&outcome, FILES ".nothing: no such file");
    run_program(&outcome, EXPLORE "--resume=README.md " FIRMWARE("usb-5"));
    assert_one_line(&outcome, "README.md: not a search that was stopped");
    run_program(&outcome, EXPLORE "--known=README.md " FIRMWARE("usb-5"));
    assert_one_line(&outcome, "README.md: mistake in what is known of sharing: line 1");
}

/* ---- Stopping and going on ------------------------------------------------------------------- */

/* What stands behind the first line that begins with `name`. */
static void find_command(char command[600], const char *name)
{
    const char *at = strstr(outcome.output, name);

    if (!at)
        fail_msg("no \"%s\" in the output:\n%s", name, outcome.output);
    at += strlen(name);
    (void)snprintf(command, 600, "%.*s", (int)strcspn(at, "\n"), at);
}

static void a_budget_ends_with_the_command_that_goes_on(void **state)
{
    char command[600];

    (void)state;
    run_program(&outcome,
                "explore --checkpoint=" FILES ".checkpoint --budget=1500 " FIRMWARE("usb-5"));
    assert_code(&outcome, 0);
    assert_says(&outcome, "stopped: 1500 of at least ");
    find_command(command, "\nResume    fencepost ");
    run_program(&again, command);
    run_program(&outcome, EXPLORE FIRMWARE("usb-5"));

    assert_string_equal(again.output, outcome.output);
}

/* The options are those that were typed. */
static void a_window_is_kept_in_the_command_that_goes_on(void **state)
{
    (void)state;
    run_program(&outcome,
                "explore --checkpoint=" FILES ".checkpoint --budget=5 --from=ep0in_start,2 "
                "--to=ep0in_end,return " FIRMWARE("usb-5"));
    assert_code(&outcome, 0);
    assert_says(&outcome, " --from=ep0in_start,2 --to=ep0in_end,return ");
}

/* From when it catches SIGINT (bit 1 of SigCgt), whenever that comes: the program says what it did,
 * and how to go on. */
static void ctrl_c_ends_with_the_command_that_goes_on(void **state)
{
    (void)state;
    assert_int_equal(
        exit_code_of(PROGRAM
                     " explore --strategy=random --budget=100000000 --jobs=2 "
                     "--checkpoint=" FILES ".checkpoint " FIRMWARE(
                         "usb-5") " >" FILES ".txt 2>&1 & program=$!; "
                                  "until grep -q 'SigCgt:.*[2367abef]$' /proc/$program/status; "
                                  "do sleep 0.01; done; "
                                  "kill -INT $program; wait $program"),
        0);
    assert_int_equal(
        exit_code_of("grep -q '^stopped after [0-9]* walks; clean so far' " FILES ".txt"), 0);
    assert_int_equal(exit_code_of("$(sed -n 's|^Resume *fencepost|" PROGRAM "|p' " FILES
                                  ".txt) --budget=64 | grep -q 'walks; clean so far'"),
                     0);
}

static void a_checkpoint_that_cannot_be_written_is_told_and_2(void **state)
{
    (void)state;
    run_program(&outcome, "explore --checkpoint=/nowhere/file --budget=10 " FIRMWARE("usb-5"));
    assert_code(&outcome, 2);
    assert_says(&outcome, "fencepost: /nowhere/file: cannot be written: ");
    assert_says(&outcome, "stopped: 10 of at least ");
}

/* ---- Reports --------------------------------------------------------------------------------- */

static bool is_valid(const char *schema, const char *file)
{
    char command[400];
    int code;

    (void)snprintf(command, sizeof command, "scripts/validate-report docs/%s %s", schema, file);
    code = exit_code_of(command);
    if (code == 77)
        print_message("%s is not compared with its schema: no Python module jsonschema\n", file);
    return code == 0 || code == 77;
}

static void json_lines_end_with_the_verdict_and_follow_the_schema(void **state)
{
    (void)state;
    assert_int_equal(exit_code_of(PROGRAM_EXPLORE "--json --timeout=1s " FIRMWARE(
                         "pending-cleared-late") " >" FILES ".jsonl"),
                     1);
    assert_int_equal(exit_code_of("tail -n 1 " FILES ".jsonl >" FILES ".1.json && tail -n 2 " FILES
                                  ".jsonl | head -n 1 >" FILES ".2.json"),
                     0);
    assert_int_equal(
        exit_code_of("grep -q '\"verdict\": {.*\"outcome\": \"found\".*\"exitCode\": 1,' " FILES
                     ".1.json"),
        0);
    assert_int_equal(exit_code_of("grep -q '\"progress\": {' " FILES ".2.json"), 0);
    assert_true(is_valid("explore.schema.json", FILES ".1.json"));
    assert_true(is_valid("explore.schema.json", FILES ".2.json"));
    run_program(&outcome, EXPLORE "--json --slice=1/2 --budget=400 " FIRMWARE(
                              "usb-5") " | tail -n 1 >" FILES ".1.json");
    assert_true(is_valid("explore.schema.json", FILES ".1.json"));
}

static void reports_are_those_of_a_run(void **state)
{
    (void)state;
    run_program(&outcome,
                EXPLORE "--report=github,json:" FILES ".json,junit:" FILES ".xml,sarif:" FILES
                        ".sarif " FIRMWARE("usb-5-memcpy-after-start"));
    assert_code(&outcome, 1);
    assert_says(&outcome, "::error file=firmware/bugs/usb-3-memcpy-after-start.c,line=28,");
    assert_true(is_valid("report.schema.json", FILES ".json"));
    assert_int_equal(exit_code_of("grep -q '\"replay\": \"fencepost replay ' " FILES ".json"), 0);
    assert_int_equal(exit_code_of("grep -q '<failure type=\"DMA001\"' " FILES ".xml"), 0);
    assert_int_equal(exit_code_of("grep -q '\"ruleId\": \"DMA001\"' " FILES ".sarif"), 0);

    run_program(&outcome,
                EXPLORE "--report=junit:- --timeout=1s " FIRMWARE("pending-cleared-late"));
    assert_code(&outcome, 1);
    assert_says(&outcome, "<failure type=\"time-out\" message=\"a timing fails: ");
}

static void what_is_suppressed_or_off_is_no_failure(void **state)
{
    (void)state;
    assert_int_equal(
        exit_code_of(
            "printf 'DMA001 function:ep0in_start -- known\\nPER* file:none.c -- old\\n' >" FILES
            ".sup"),
        0);
    run_program(&outcome, EXPLORE "--report=github --suppressions=" FILES
                                  ".sup --any-answer --from=ep0in_start --to=ep0in_end " FIRMWARE(
                                      "usb-5-memcpy-after-start"));
    assert_code(&outcome, 0);
    assert_says(&outcome, "explored, clean, 1 finding suppressed\n");
    assert_says(&outcome, "line=2,title=Fencepost%3A unused suppression");
    assert_null(strstr(outcome.output, "line=1,title=Fencepost"));

    run_program(&outcome,
                EXPLORE "--rules=-DMA001 --any-answer --from=ep0in_start --to=ep0in_end " FIRMWARE(
                    "usb-5-memcpy-after-start"));
    assert_code(&outcome, 0);
    run_program(&outcome, EXPLORE "--suppressions=" FILES ".nothing " FIRMWARE("usb-5"));
    assert_one_line(&outcome, ".nothing: no such file");
}

/* What genhtml takes without a word is a good file; the page has lines and branches. */
static void coverage_is_shown_by_genhtml(void **state)
{
    (void)state;
    run_program(&outcome, EXPLORE "--timeout=1s --coverage=lcov:" FILES
                                  ".info " FIRMWARE("count-not-atomic"));
    assert_code(&outcome, 1);
    assert_says(&outcome,
                "pairs of a thread access and one of a handler were seen in both orders\n");
    assert_int_equal(exit_code_of("grep -q '^BRDA:[0-9]*,0,1,1$' " FILES ".info"), 0);
    assert_int_equal(exit_code_of("genhtml --quiet --branch-coverage -o " FILES ".html " FILES
                                  ".info >" FILES ".txt 2>&1 && [ ! -s " FILES ".txt ]"),
                     0);
    assert_int_equal(
        exit_code_of("grep -q 'waiting--' " FILES ".html/races/count-not-atomic.c.gcov.html"), 0);
}

#define INTERRUPTED                                                                                \
    "--rules=none --interrupt-delay=64 --usual-host --from=be_interrupted --to=be_interrupted "    \
    "--host=tests/bench/growth.usb " FIRMWARE("growth")

static void preemptions_are_bounded_and_the_verdict_says_so(void **state)
{
    (void)state;
    run_program(&outcome, EXPLORE "--preemptions=1 " FIRMWARE("usb-5"));
    assert_code(&outcome, 0);
    assert_says(&outcome,
                "       at most 1 time while the CPU runs, else while it sleeps or at their "
                "latest;\n");
    assert_says(&outcome, "left out: more pre-emptions of the CPU (without --preemptions)\n");
    run_program(&outcome, EXPLORE "--preemptions=some " FIRMWARE("usb-5"));
    assert_usage_error(&outcome, "--preemptions=some: not a number from 0 to 1000");
}

static void a_request_that_is_given_up_is_no_other_answer(void **state)
{
    (void)state;
    run_program(&outcome, EXPLORE "--timeout=8s " FIRMWARE("fails-silent"));
    assert_code(&outcome, 1);
    assert_says(&outcome,
                "A failing timing: the host gives up a request that is answered in the usual "
                "timing\n");
    assert_null(strstr(outcome.output, "another answer"));
}

static void tokens_come_at_as_many_places_of_a_frame_as_the_bound_says(void **state)
{
    (void)state;
    run_program(
        &outcome, EXPLORE
        "--any-answer --from=get_ready,3 --to=ep0_data_done "
        "--frame-places=4 --host=tests/explore/conversations/frames.usb " FIRMWARE("frames"));
    assert_code(&outcome, 0);
    assert_says(&outcome, "tokens that are waited for at 4 places of a frame, because one found no "
                          "room;\n");
    assert_says(&outcome, "left out: tokens at other places of a frame (--frame-places)\n");

    run_program(&outcome, EXPLORE FIRMWARE("usb-5")); /* no token lacks room */
    assert_null(strstr(outcome.output, "places of a frame"));
}

static void any_answer_lets_the_host_be_answered_otherwise(void **state)
{
    (void)state;
    run_program(&outcome, EXPLORE INTERRUPTED);
    assert_code(&outcome, 1);
    assert_says(&outcome,
                "A failing timing: the host is answered otherwise than in the usual timing");

    run_program(&outcome, EXPLORE "--any-answer " INTERRUPTED);
    assert_code(&outcome, 0);
    assert_says(&outcome, " classes explored, clean\n");
}

static void whole_walks_compare_what_the_host_receives(void **state)
{
    (void)state;
    run_program(&outcome, EXPLORE "--all --usual-host --from=ep0in_start --to=ep0in_end " FIRMWARE(
                              "usb-5-memcpy-after-start"));
    assert_says(&outcome, "\n1 of 1 class fails");

    run_program(&outcome,
                EXPLORE "--all --whole --usual-host --from=ep0in_start --to=ep0in_end " FIRMWARE(
                    "usb-5-memcpy-after-start"));
    assert_says(&outcome, "\n160 of 160 classes fail, all explored\n");
}

static void a_full_disk_is_told_and_2(void **state)
{
    static const char *const files[] = {"--coverage=lcov:/dev/full", "--emit-test=/dev/full",
                                        "--report=json:/dev/full"};
    char arguments[400];

    (void)state;
    if (access("/dev/full", W_OK) != 0)
        skip();
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        (void)snprintf(arguments, sizeof arguments, EXPLORE "%s %s", files[i],
                       FIRMWARE("usb-5-memcpy-after-start"));
        run_program(&outcome, arguments);
        assert_code(&outcome, 2);
        assert_says(&outcome, "fencepost: /dev/full: cannot be written: No space left on device\n");
        assert_says(&outcome, "A failing timing: DMA001");
    }
    run_program(&outcome, EXPLORE "--json >/dev/full " FIRMWARE("usb-5"));
    assert_one_line(&outcome, "standard output: cannot be written: No space left on device");
}

static void too_little_memory_is_told_and_2(void **state)
{
    (void)state;
    if (strstr(TEST_FLAGS, "sanitize")) /* takes more address space than there is memory */
        skip();
    assert_int_equal(exit_code_of("(ulimit -v 800000; " PROGRAM_EXPLORE FIRMWARE(
                         "usb-5") ") >" FILES ".txt 2>&1"),
                     2);
    assert_int_equal(exit_code_of("[ $(wc -l <" FILES ".txt) = 1 ]"), 0);
}

/* ---- Generated tests ------------------------------------------------------------------------- */

/* As its head says, with the libraries of this build. */
static int build_test(const char *source, const char *program)
{
    char command[1200];

    (void)snprintf(command, sizeof command,
                   "gcc " TEST_FLAGS " -std=c11 -D_POSIX_C_SOURCE=200809L -I. %s -o %s $(sed -n "
                   "'s/.*lib{\\(.*\\)}.*/\\1/p' %s | tr , '\\n' | sed 's|.*|" OUT_DIR
                   "/lib&.a|') $(pkg-config --cflags --libs unicorn libelf libdw gmp cmocka) -lm",
                   source, program, source);
    return exit_code_of(command);
}

static void the_generated_test_fails_until_the_firmware_is_mended(void **state)
{
    (void)state;
    run_program(&outcome,
                EXPLORE "--timeout=1s --emit-test=" FILES ".c " FIRMWARE("pending-cleared-late"));
    assert_code(&outcome, 1);

    assert_int_equal(build_test(FILES ".c", FILES ".test"), 0);
    assert_int_equal(exit_code_of(FILES ".test >/dev/null 2>&1"), 1);

    assert_int_equal(exit_code_of("sed s/pending-cleared-late/pending-cleared-late-repaired/ " FILES
                                  ".c >" FILES "-mended.c"),
                     0);
    assert_int_equal(build_test(FILES "-mended.c", FILES ".test"), 0);
    assert_int_equal(exit_code_of(FILES ".test >/dev/null 2>&1"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clean_firmware_gives_0_and_states_the_bound),
        cmocka_unit_test(a_failing_timing_is_told_and_its_token_replays),
        cmocka_unit_test(a_failing_timing_is_made_small_only_as_long_as_wanted),
        cmocka_unit_test(the_output_is_the_same_with_any_number_of_jobs),
        cmocka_unit_test(wrong_usage_is_one_line_and_2),
        cmocka_unit_test(a_budget_ends_with_the_command_that_goes_on),
        cmocka_unit_test(a_window_is_kept_in_the_command_that_goes_on),
        cmocka_unit_test(ctrl_c_ends_with_the_command_that_goes_on),
        cmocka_unit_test(a_checkpoint_that_cannot_be_written_is_told_and_2),
        cmocka_unit_test(json_lines_end_with_the_verdict_and_follow_the_schema),
        cmocka_unit_test(reports_are_those_of_a_run),
        cmocka_unit_test(what_is_suppressed_or_off_is_no_failure),
        cmocka_unit_test(coverage_is_shown_by_genhtml),
        cmocka_unit_test(preemptions_are_bounded_and_the_verdict_says_so),
        cmocka_unit_test(a_request_that_is_given_up_is_no_other_answer),
        cmocka_unit_test(tokens_come_at_as_many_places_of_a_frame_as_the_bound_says),
        cmocka_unit_test(any_answer_lets_the_host_be_answered_otherwise),
        cmocka_unit_test(whole_walks_compare_what_the_host_receives),
        cmocka_unit_test(a_full_disk_is_told_and_2),
        cmocka_unit_test(too_little_memory_is_told_and_2),
        cmocka_unit_test(the_generated_test_fails_until_the_firmware_is_mended),
    };

    return cmocka_run_group_tests_name("explore", tests, NULL, NULL);
}
