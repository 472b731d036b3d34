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

static struct outcome outcome;

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
    char path[64];
    char arguments[256];
    struct failure failure;
    uint8_t *bytes;
    size_t size;

    (void)state;
    (void)snprintf(path, sizeof path, "/tmp/fencepost-uart-%ld", (long)getpid());
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

static void a_token_says_nothing_of_the_board(void **state)
{
    (void)state;
    run_program(&outcome, "replay --uart0=off 4007-7V5N " LOG);
    assert_usage_error(&outcome, "--uart0: the token says it already");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_uart_sends_is_shown_as_console_lines),
        cmocka_unit_test(it_can_be_kept_in_a_file),
        cmocka_unit_test(a_board_file_plugs_in_what_a_firmware_needs),
        cmocka_unit_test(mistakes_are_told_in_one_line),
        cmocka_unit_test(a_token_says_nothing_of_the_board),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
