/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/board/uart_line.h"

#include "sim/base/file.h"
#include "sim/base/heap.h"
#include "sim/board/lines.h"

#include <assert.h>

enum status uart_line_read_input(struct uart_line *line, const char *path, struct failure *failure)
{
    if (line->input)
        return failure_set(failure, STATUS_BOARD, path, "%s has an input already", line->name);
    return file_read(path, &line->input, &line->input_size, failure);
}

enum status uart_line_set_gap(struct uart_line *line, const char *time, struct failure *failure)
{
    struct line_cursor cursor = {.path = time, .number = 1, .begin = time, .at = time};

    if (!line_take_time(&cursor, &line->gap) || *cursor.at)
        return failure_set(failure, STATUS_BOARD, time, "%s has a gap of, for instance, 10ms",
                           line->name);
    return STATUS_OK;
}

void uart_line_finish(struct uart_line *line)
{
    heap_release(line->input);
    line->input = NULL;
}

void uart_line_listen(struct uart_line *line, struct uart_listener listener)
{
    assert(line->listeners < UART_LINE_LISTENERS);
    line->listener[line->listeners++] = listener;
}

static void report(struct uart_line *line, bool from_chip, uint8_t byte)
{
    trace_emit(
        line->trace,
        (struct observation){.kind = OBS_SERIAL,
                             .serial = {.port = line->name, .from_chip = from_chip, .byte = byte}});
}

static void arrive(struct uart_line *line, uint8_t byte)
{
    report(line, false, byte);
    for (unsigned i = 0; i < line->listeners; i++)
        line->listener[i].arrived(line->listener[i].uart, byte);
}

void uart_line_sent(struct uart_line *line, uint8_t byte)
{
    const char character = (char)byte;

    report(line, true, byte);
    if (line->console)
        trace_emit(line->trace,
                   (struct observation){
                       .kind = OBS_CONSOLE,
                       .console = {.source = line->name, .bytes = &character, .size = 1}});
    if (line->other)
        arrive(line->other, byte);
}

bool uart_line_has_input(const struct uart_line *line)
{
    return line->state.position < line->input_size;
}

void uart_line_feed(struct uart_line *line)
{
    assert(uart_line_has_input(line));
    arrive(line, line->input[line->state.position++]);
}
