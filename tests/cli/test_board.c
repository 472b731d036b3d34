/* SPDX-License-Identifier: Apache-2.0 */
/* What is plugged in, as a user says it: options, board files, and the files they write. */
#include "sim/base/file.h"
#include "sim/base/heap.h"
#include "tests/cli/program.h"
#include "tests/cmocka.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ELF(name) FIRMWARE_DIR "/" FIRMWARE_DEFAULT "/" name ".elf"
#define LOG ELF("uarte-log-line-reused-repaired")

#define BUTTON ELF("button")

static struct outcome outcome;
static char path[64]; /* of a file that a run writes */

static void what_a_uart_sends_is_shown_as_console_lines(void **state)
{
    (void)state;
    run_program(&outcome, "run " LOG);
    assert_code(&outcome, 0);
    assert_says(&outcome, "console   abcdefghijklmnop");
    run_program(&outcome, "run --uart0=off " LOG);
    assert_null(strstr(outcome.output, "console"));
}

static void it_can_be_kept_in_a_file(void **state)
{
    char arguments[256];
    struct failure failure;
    uint8_t *bytes;
    size_t size;

    (void)state;
    (void)snprintf(arguments, sizeof arguments, "run --quiet --uart0=out:%s " LOG, path);
    run_program(&outcome, arguments);
    assert_code(&outcome, 0);
    assert_int_equal(file_read(path, &bytes, &size, &failure), STATUS_OK);
    assert_int_equal(size, 64);
    assert_memory_equal(bytes, "abcdefghijklmnopbcdef", 21);
    heap_release(bytes);
    (void)unlink(path);
}

static void a_board_file_plugs_in_what_a_firmware_needs(void **state)
{
    (void)state;
    run_program(&outcome, "run --quiet --board=firmware/bugs/twim-flash-register.board " ELF(
                              "twim-flash-register-repaired"));
    assert_code(&outcome, 0);
    run_program(&outcome, "run --quiet " ELF("twim-flash-register-repaired"));
    assert_code(&outcome, 1); /* nobody answers, and the firmware says so */
}

static void mistakes_are_told_in_one_line(void **state)
{
    (void)state;
    run_program(&outcome, "run --uart0=lopback " LOG);
    assert_code(&outcome, 2);
    assert_one_line(&outcome, "lopback: cannot be plugged into the board");
    run_program(&outcome, "run --board=/nowhere " LOG);
    assert_code(&outcome, 2);
    assert_one_line(&outcome, "/nowhere: no such file");
    run_program(&outcome, "run --quiet --uart0=out:/nowhere/x " LOG);
    assert_code(&outcome, 2);
}

static void pins_are_driven_and_their_levels_kept(void **state)
{
    char arguments[256];
    struct failure failure;
    uint8_t *bytes;
    size_t size;

    (void)state;
    (void)snprintf(arguments, sizeof arguments,
                   "run --quiet --pins=P0.11=low@2ms,P0.11=float@5ms --lines=%s " BUTTON, path);
    run_program(&outcome, arguments);
    assert_code(&outcome, 0);
    assert_int_equal(file_read(path, &bytes, &size, &failure), STATUS_OK);
    bytes = heap_resize(bytes, size + 1);
    bytes[size] = '\0';
    assert_non_null(strstr((char *)bytes, "$var wire 1 , P0.11 $end\n"));
    assert_non_null(strstr((char *)bytes, "\n#2000000000\n0,\n#2000")); /* ps */
    assert_non_null(strstr((char *)bytes, "\n#5000000000\n1,\n#5000"));
    heap_release(bytes);
    (void)unlink(path);
}

static void without_a_hand_at_the_button_nothing_happens(void **state)
{
    (void)state;
    run_program(&outcome, "run --quiet --timeout=5ms " BUTTON);
    assert_code(&outcome, 1);
}

static void mistakes_with_pins_are_told_in_one_line(void **state)
{
    static const struct {
        const char *word;
        const char *says;
    } wrong[] = {{"P0.32=low@1ms", "not a pin such as P0.11"},
                 {"P0.11=down@1ms", "not one of: low, high, float"},
                 {"P0.11=low", "not like P0.11=low@10ms"},
                 {"P0.11=low@1", "not like P0.11=low@10ms"},
                 {"AIN3=9999mV@1ms", "not a voltage such as 1200mV"}};
    char arguments[160];

    (void)state;
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        (void)snprintf(arguments, sizeof arguments, "run --pins=%s " BUTTON, wrong[i].word);
        run_program(&outcome, arguments);
        assert_code(&outcome, 2);
        assert_one_line(&outcome, wrong[i].says);
    }
}

/* The replay line of the run before, without "fencepost "; a long one comes in two. */
static const char *replay_line(void)
{
    static char line[400];
    const char *begin = strstr(outcome.output, "fencepost replay ");
    int first;

    if (!begin)
        fail_msg("no replay line in:\n%s", outcome.output);
    begin += strlen("fencepost ");
    first = (int)strcspn(begin, "\n");
    (void)snprintf(line, sizeof line, "%.*s%.*s", first, begin,
                   (int)strcspn(begin + first + 1, "\n"), begin + first + 1);
    return line;
}

static void a_replay_line_says_what_was_plugged_in(void **state)
{
    char arguments[500];

    (void)state;
    run_program(&outcome,
                "run --board=firmware/bugs/pdm-only-one-buffer.board " ELF("pdm-only-one-buffer"));
    assert_code(&outcome, 1);
    (void)snprintf(arguments, sizeof arguments, "%s", replay_line());
    assert_non_null(strstr(arguments, "replay --pdm=tone:500 "));
    run_program(&outcome, arguments);
    assert_code(&outcome, 1);
    assert_says(&outcome, "DMA002");
}

static void a_token_vouches_for_the_board(void **state)
{
    char arguments[500];
    char *word;

    (void)state;
    run_program(&outcome,
                "run --board=firmware/bugs/pdm-only-one-buffer.board " ELF("pdm-only-one-buffer"));
    (void)snprintf(arguments, sizeof arguments, "%s", replay_line());
    word = strstr(arguments, "tone:500");
    assert_non_null(word);
    word[5] = '7';
    run_program(&outcome, arguments);
    assert_code(&outcome, 2);
    assert_one_line(&outcome, "board");
}

static void the_debugger_takes_what_is_plugged_in(void **state)
{
    (void)state;
    run_program(&outcome, "debug --uart0=lopback " LOG);
    assert_code(&outcome, 2);
    assert_one_line(&outcome, "lopback: cannot be plugged into the board");
    run_program(&outcome, "check --board=/nowhere " LOG);
    assert_code(&outcome, 2);
    assert_one_line(&outcome, "/nowhere: no such file");
}

/* One program's packets, kept in a file, are what another one hears. */
static void a_radio_is_played_what_another_has_sent(void **state)
{
    char arguments[256];
    struct failure failure;
    uint8_t *bytes;
    size_t size;

    (void)state;
    (void)snprintf(arguments, sizeof arguments,
                   "run --quiet --radio=record:%s " ELF("radio-counter-written-late-repaired"),
                   path);
    run_program(&outcome, arguments);
    assert_code(&outcome, 0);
    assert_int_equal(file_read(path, &bytes, &size, &failure), STATUS_OK);
    bytes = heap_resize(bytes, size + 1);
    bytes[size] = '\0';
    assert_non_null(strstr(
        (char *)bytes, "us ble1m 2402 0 : d6 be 89 8e : 42 08 02 00 00 00 00 00 00 00 37 2c b2\n"));
    heap_release(bytes);
    (void)snprintf(arguments, sizeof arguments,
                   "run --radio=%s " ELF("radio-next-packet-over-this-one-repaired"), path);
    run_program(&outcome, arguments);
    assert_code(&outcome, 0);
    assert_says(&outcome, "(30 bytes"); /* three packets of ten */
    (void)unlink(path);
}

static void packets_of_the_air_are_read_with_care(void **state)
{
    (void)state;
    run_program(&outcome, "run --radio=/nowhere " LOG);
    assert_code(&outcome, 2);
    assert_one_line(&outcome, "/nowhere: no such file");
    run_program(&outcome, "run --radio=README.md " LOG);
    assert_code(&outcome, 2);
    assert_one_line(&outcome, "README.md: cannot be plugged into the board: line 3, column 1");
}

/* The CPU's own loads and stores reach MWU, and MWU's interrupt reaches the CPU. */
static void memory_is_watched_under_a_real_cpu(void **state)
{
    (void)state;
    run_program(&outcome, "run --quiet " ELF("watched"));
    assert_code(&outcome, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_uart_sends_is_shown_as_console_lines),
        cmocka_unit_test(it_can_be_kept_in_a_file),
        cmocka_unit_test(a_board_file_plugs_in_what_a_firmware_needs),
        cmocka_unit_test(mistakes_are_told_in_one_line),
        cmocka_unit_test(pins_are_driven_and_their_levels_kept),
        cmocka_unit_test(without_a_hand_at_the_button_nothing_happens),
        cmocka_unit_test(mistakes_with_pins_are_told_in_one_line),
        cmocka_unit_test(a_replay_line_says_what_was_plugged_in),
        cmocka_unit_test(a_token_vouches_for_the_board),
        cmocka_unit_test(the_debugger_takes_what_is_plugged_in),
        cmocka_unit_test(memory_is_watched_under_a_real_cpu),
        cmocka_unit_test(a_radio_is_played_what_another_has_sent),
        cmocka_unit_test(packets_of_the_air_are_read_with_care),
    };

    (void)snprintf(path, sizeof path, "/tmp/fencepost-board-file-%ld", (long)getpid());
    return cmocka_run_group_tests(tests, NULL, NULL);
}
