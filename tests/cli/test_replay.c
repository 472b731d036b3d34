/* SPDX-License-Identifier: Apache-2.0 */
/* What reports offer to type next, typed: replay, and the other runs that `run` makes. */
#include "tests/cli/program.h"
#include "tests/cmocka.h"

#include <stdio.h>
#include <string.h>

#define IN_DEFAULT(program) FIRMWARE_DIR "/" FIRMWARE_DEFAULT "/" program ".elf"
#define RACE IN_DEFAULT("usb-3-memcpy-after-start")
#define RACE_REPAIRED IN_DEFAULT("usb-3-memcpy-after-start-repaired")
#define UNFILLED IN_DEFAULT("ep0-half-filled-block")

static struct outcome outcome;
static struct outcome again;

/* The token of the replay command on the line that begins with `name`. */
static void find_token(char token[64], const char *name)
{
    static const char command[] = "fencepost replay ";

    for (const char *at = outcome.output; (at = strstr(at, name)); at++) {
        const char *rest = at + strlen(name) + strspn(at + strlen(name), " ");

        if (!strncmp(rest, command, strlen(command))) {
            assert_int_equal(sscanf(rest + strlen(command), "%63s", token), 1);
            return;
        }
    }
    fail_msg("no command behind \"%s\" in the output:\n%s", name, outcome.output);
}

static void replays(const char *token, const char *image)
{
    char arguments[400];

    (void)snprintf(arguments, sizeof arguments, "replay --quiet %s %s", token, image);
    run_program(&again, arguments);
}

static void the_command_of_a_report_gives_the_same_report(void **state)
{
    char token[64];

    (void)state;
    run_program(&outcome, "run --quiet --dma=random --seed=77 --host=macos " RACE);
    assert_code(&outcome, 1);
    find_token(token, "\nReplay");
    replays(token, RACE);

    assert_code(&again, 1);
    assert_string_equal(again.output, outcome.output);
}

static void the_witness_of_a_race_can_be_replayed(void **state)
{
    char token[64];

    (void)state;
    run_program(&outcome, "run --quiet " RACE);
    assert_says(&outcome, "\nWitness: endpoint 0 sends this when EasyDMA is fast");
    find_token(token, "\n    eager");
    replays(token, RACE);
    assert_says(&again, "host received  +0    00 00 00 00");
    find_token(token, "\n    lazy");
    replays(token, RACE);
    assert_says(&again, "host received  +0    12 01 00 02");
}

static void a_token_is_refused_in_one_line_by_another_image(void **state)
{
    char token[64];

    (void)state;
    run_program(&outcome, "run --quiet " RACE);
    find_token(token, "\nReplay");
    replays(token, RACE_REPAIRED);
    assert_one_line(&again, "replay token of another firmware image");
}

static void mistakes_are_told(void **state)
{
    (void)state;
    run_program(&outcome, "replay 4002-2TC5 " RACE);
    assert_one_line(&outcome, "4002-2TC5: not a replay token, or mistyped");
    run_program(&outcome, "replay " RACE);
    assert_usage_error(&outcome, "a token and a firmware image are needed");
    run_program(&outcome, "replay --dma=lazy 4002-2TC5 " RACE);
    assert_usage_error(&outcome, "--dma: the token says it already");
    run_program(&outcome, "run --heap=free " RACE);
    assert_usage_error(&outcome, "--heap=free: not like NAME:free:0");
    run_program(&outcome, "run --heap=no_such_function:free:0 " RACE);
    assert_one_line(&outcome, "--heap=no_such_function:free:0: the image has no such function");
    run_program(&outcome, "run --uninitialised=maybe " RACE);
    assert_usage_error(&outcome, "not one of: auto, on, off");
}

static void a_heap_function_that_was_named_is_kept_in_the_replay_command(void **state)
{
    (void)state;
    run_program(&outcome, "run --quiet --heap=memcpy:free:0 " RACE);
    assert_says(&outcome, "\nReplay    fencepost replay --heap=memcpy:free:0 ");
}

static void help_shows_how_to_replay(void **state)
{
    (void)state;
    run_program(&outcome, "replay --help");
    assert_code(&outcome, 0);
    assert_says(&outcome, "Usage: fencepost replay [OPTION]... TOKEN IMAGE...");
}

static void uninitialised_bytes_are_looked_for_when_the_run_is_short(void **state)
{
    (void)state;
    run_program(&outcome, "run --quiet --uninitialised=on " UNFILLED);
    assert_says(&outcome, "BUF005 error: ");
    run_program(&outcome, "run --quiet " UNFILLED);
    assert_says(&outcome, "BUF005 error: ");
    run_program(&outcome, "run --quiet --uninitialised=off " UNFILLED);
    assert_null(strstr(outcome.output, "BUF005 error: "));
    assert_says(&outcome, "not checked: uninitialised bytes, BUF005");
}

#define ECHO IN_DEFAULT("bulk-read-at-epdata")
#define ECHO_HOST "firmware/bugs/bulk-read-at-epdata.usb"

/* The token vouches for the conversation; where that is, the command says. */
static void a_conversation_is_replayed_with_its_file(void **state)
{
    char arguments[400];
    char *token;

    (void)state;
    run_program(&outcome, "run --quiet --host=" ECHO_HOST " " ECHO);
    assert_code(&outcome, 1);
    assert_says(&outcome, "\nReplay    fencepost replay --host=" ECHO_HOST);
    token = strstr(outcome.output, "\nReplay    fencepost replay --host=" ECHO_HOST);
    token += strlen("\nReplay    fencepost replay --host=" ECHO_HOST);
    token += strspn(token, " \n");
    token[strcspn(token, " \n")] = '\0';

    (void)snprintf(arguments, sizeof arguments, "replay --quiet --host=%s %s %s", ECHO_HOST, token,
                   ECHO);
    run_program(&again, arguments);
    assert_code(&again, 1);
    assert_says(&again, "DMA002 error: ");
    (void)snprintf(arguments, sizeof arguments, "replay --quiet %s %s", token, ECHO);
    run_program(&again, arguments);
    assert_usage_error(&again, "also needs the conversation, --host=FILE.usb");
    (void)snprintf(arguments, sizeof arguments, "replay --quiet --host=%s %s %s",
                   "tests/bench/echo.usb", token, ECHO);
    run_program(&again, arguments);
    assert_one_line(&again, "replay token of another firmware image, conversation or board");
}

static void a_token_of_an_enumeration_takes_no_conversation(void **state)
{
    char token[64];
    char arguments[400];

    (void)state;
    run_program(&outcome, "run --quiet " RACE);
    find_token(token, "\nReplay");
    (void)snprintf(arguments, sizeof arguments, "replay --host=%s %s %s", ECHO_HOST, token, RACE);
    run_program(&again, arguments);
    assert_usage_error(&again, "--host: the token says it already");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_command_of_a_report_gives_the_same_report),
        cmocka_unit_test(the_witness_of_a_race_can_be_replayed),
        cmocka_unit_test(a_token_is_refused_in_one_line_by_another_image),
        cmocka_unit_test(mistakes_are_told),
        cmocka_unit_test(a_heap_function_that_was_named_is_kept_in_the_replay_command),
        cmocka_unit_test(help_shows_how_to_replay),
        cmocka_unit_test(uninitialised_bytes_are_looked_for_when_the_run_is_short),
        cmocka_unit_test(a_conversation_is_replayed_with_its_file),
        cmocka_unit_test(a_token_of_an_enumeration_takes_no_conversation),
    };

    return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
