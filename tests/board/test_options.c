/* SPDX-License-Identifier: Apache-2.0 */
/* Board options and board files: what they say, and how mistakes are named. */
#include "sim/base/save.h"
#include "sim/board/board.h"
#include "tests/cmocka.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char path[64];

static const char *file(const char *text)
{
    struct failure failure;

    (void)snprintf(path, sizeof path, "/tmp/fencepost-board-%ld", (long)getpid());
    assert_int_equal(save_file(path, text, strlen(text), &failure), STATUS_OK);
    return path;
}

static int remove_file(void **state)
{
    (void)state;
    (void)unlink(path);
    return 0;
}

static void a_board_file_has_one_line_a_port(void **state)
{
    struct board_options options = {{0}};
    struct board_file board = {0};
    struct failure failure;

    (void)state;
    assert_int_equal(board_file_read(&board, &options,
                                     file("# a board\n"
                                          "\n"
                                          "uart0 = loopback  \r\n"
                                          "  uart1=in:x,console"),
                                     &failure),
                     STATUS_OK);
    assert_string_equal(options.port[PORT_UART0], "loopback");
    assert_string_equal(options.port[PORT_UART1], "in:x,console");
    assert_false(board_is_ordinary(&options));
    board_file_free(&board);
}

static void what_was_asked_for_before_wins(void **state)
{
    struct board_options options = {.port = {[PORT_UART0] = "off"}};
    struct board_file board = {0};
    struct failure failure;

    (void)state;
    assert_int_equal(board_file_read(&board, &options, file("uart0 = loopback\n"), &failure),
                     STATUS_OK);
    assert_string_equal(options.port[PORT_UART0], "off");
    board_file_free(&board);
}

static void assert_mistake(const char *text, const char *where)
{
    struct board_options options = {{0}};
    struct board_file board = {0};
    struct failure failure;

    assert_int_equal(board_file_read(&board, &options, file(text), &failure), STATUS_BOARD);
    assert_non_null(strstr(failure.message, where));
    assert_non_null(strstr(failure.message, path));
    board_file_free(&board);
}

static void a_mistake_is_named_with_line_and_column(void **state)
{
    (void)state;
    assert_mistake("uart0 = off\n  uart7 = off\n", "line 2, column 3: the board has no such port");
    assert_mistake("uart = off\n", "line 1, column 1: the board has no such port");
    assert_mistake("uart0 loopback\n", "line 1, column 7: '=' is missing");
    assert_mistake("uart0 =\n", "line 1, column 8: nothing is plugged in");
}

static void assert_unpluggable(const struct board_options *options, const char *message)
{
    struct state state = {0};
    struct wires wires = {.level = {0}};
    sim_time now = 0;
    struct trace trace;
    struct board board;
    struct failure failure;

    trace_init(&trace, &now);
    assert_int_not_equal(board_init(&board, options, &wires, &trace, &state, &failure), STATUS_OK);
    assert_non_null(strstr(failure.message, message));
    board_finish(&board);
}

static void a_word_that_a_port_does_not_take_is_refused(void **state)
{
    (void)state;
    assert_unpluggable(&(struct board_options){.port = {[PORT_UART1] = "console,lopback"}},
                       "lopback: cannot be plugged into the board: uart1 is one of console");
    assert_unpluggable(&(struct board_options){.port = {[PORT_UART0] = ""}}, "uart0 is one of");
    assert_unpluggable(&(struct board_options){.port = {[PORT_UART0] = "in:/nowhere"}},
                       "/nowhere: no such file");
    assert_unpluggable(
        &(struct board_options){.port = {[PORT_UART0] = "gap:10"}},
        "10: cannot be plugged into the board: uart0 has a gap of, for instance, 10ms");
}

static void devices_and_voltages_are_checked_as_well(void **state)
{
    char word[96];

    (void)state;
    assert_unpluggable(&(struct board_options){.port = {[PORT_TWI0] = "0x80:x"}},
                       "0x80:x: cannot be plugged into the board: not like 0x68:FILE, for twi0");
    assert_unpluggable(&(struct board_options){.port = {[PORT_TWI1] = "0x68:/nowhere"}},
                       "/nowhere: no such file");
    assert_unpluggable(&(struct board_options){.port = {[PORT_SPI2] = "/nowhere"}},
                       "/nowhere: no such file");
    assert_unpluggable(&(struct board_options){.port = {[PORT_ADC] = "8:1"}}, "inputs 0 to 7");
    assert_unpluggable(&(struct board_options){.port = {[PORT_ADC] = "0:1,0:2"}},
                       "AIN0 is connected already");
    (void)snprintf(word, sizeof word, "0:%s", file("1.5\n  x\n"));
    assert_unpluggable(&(struct board_options){.port = {[PORT_ADC] = word}},
                       "line 2, column 3: not a voltage");
    (void)snprintf(word, sizeof word, "0:%s", file("1.5 2\n"));
    assert_unpluggable(&(struct board_options){.port = {[PORT_ADC] = word}},
                       "line 1, column 5: something is left over");
    (void)snprintf(word, sizeof word, "0:%s", file("# none\n"));
    assert_unpluggable(&(struct board_options){.port = {[PORT_ADC] = word}}, "no voltage in it");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_board_file_has_one_line_a_port, remove_file),
        cmocka_unit_test_teardown(what_was_asked_for_before_wins, remove_file),
        cmocka_unit_test_teardown(a_mistake_is_named_with_line_and_column, remove_file),
        cmocka_unit_test(a_word_that_a_port_does_not_take_is_refused),
        cmocka_unit_test_teardown(devices_and_voltages_are_checked_as_well, remove_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
