/* SPDX-License-Identifier: Apache-2.0 */
/* `fencepost explore` as a user runs it: verdict, exit code, story, token, and the files it writes.
 */
#include "tests/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static int exit_code_of(const char *command)
{
    int status = system(command);

    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define FIRMWARE(name) FIRMWARE_DIR "/" FIRMWARE_DEFAULT "/" name ".elf"
#define EXPLORE PROGRAM " explore --quiet "
#define TEST_FILE FIRMWARE_DIR "/explored"

static void a_clean_firmware_gives_0_and_states_the_bound(void **state)
{
    (void)state;

    assert_int_equal(exit_code_of(EXPLORE FIRMWARE("usb-5") " | grep -q 'explored, clean'"), 0);
    assert_int_equal(exit_code_of(EXPLORE FIRMWARE("usb-5") " | grep -q '^bound: '"), 0);
}

static void a_failing_timing_is_told_and_its_token_replays(void **state)
{
    (void)state;

    assert_int_equal(exit_code_of(EXPLORE FIRMWARE("missed-wake-up") " >" TEST_FILE ".txt"), 1);
    assert_int_equal(exit_code_of("grep -q 'IRQ 39 interrupts main' " TEST_FILE ".txt"), 0);
    /* The line that is printed is the command that is typed. */
    assert_int_equal(exit_code_of("$(sed -n 's|^Replay *fencepost|" PROGRAM "|p' " TEST_FILE
                                  ".txt) --quiet >/dev/null"),
                     1);
}

static void the_generated_test_compiles_and_fails(void **state)
{
    (void)state;

    (void)exit_code_of(EXPLORE "--emit-test=" TEST_FILE
                               ".c " FIRMWARE("missed-wake-up") " >/dev/null");
    assert_int_equal(
        exit_code_of("gcc " TEST_FLAGS " -std=c11 -D_POSIX_C_SOURCE=200809L -I. " TEST_FILE
                     ".c -o " TEST_FILE " $(sed -n 's/.*lib{\\(.*\\)}.*/\\1/p' " TEST_FILE
                     ".c | tr , '\\n' | sed 's|.*|" OUT_DIR "/lib&.a|') "
                     "$(pkg-config --cflags --libs unicorn libelf libdw cmocka) -lm"),
        0);
    assert_int_equal(exit_code_of(TEST_FILE " >/dev/null 2>&1"), 1);
}

static void wrong_usage_is_one_line_and_2(void **state)
{
    (void)state;

    assert_int_equal(exit_code_of(EXPLORE "--strategy=luck x 2>/dev/null"), 2);
    assert_int_equal(exit_code_of(EXPLORE "--budget=soon x 2>/dev/null"), 2);
    assert_int_equal(exit_code_of(EXPLORE "--to=f x 2>/dev/null"), 2);
    assert_int_equal(exit_code_of(EXPLORE "--from=nothing " FIRMWARE("usb-5") " 2>/dev/null"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clean_firmware_gives_0_and_states_the_bound),
        cmocka_unit_test(a_failing_timing_is_told_and_its_token_replays),
        cmocka_unit_test(the_generated_test_compiles_and_fails),
        cmocka_unit_test(wrong_usage_is_one_line_and_2),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
