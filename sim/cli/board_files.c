/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cli/board_files.h"

#include "sim/base/heap.h"
#include "sim/base/save.h"
#include "sim/cli/cli.h"

#include <string.h>

static void collect(void *owner, const struct observation *seen)
{
    struct board_files *files = owner;
    const char byte = (char)seen->serial.byte;

    if (!seen->serial.from_chip)
        return;
    for (unsigned i = 0; i < BOARD_UARTS; i++) {
        if (files->file[i].port && !strcmp(files->file[i].port, seen->serial.port))
            text_append(&files->file[i].bytes, &byte, 1);
    }
}

/* A copy of FILE in the word "out:FILE" of `list`; NULL: there is none. */
static char *output_of(const char *list)
{
    while (list) {
        size_t length = strcspn(list, ",");

        if (!strncmp(list, "out:", 4)) {
            char *path = heap_allocate(length - 4 + 1, 1);

            memcpy(path, list + 4, length - 4);
            return path;
        }
        list = list[length] ? list + length + 1 : NULL;
    }
    return NULL;
}

void board_files_attach(struct board_files *files, const struct board_options *options,
                        struct trace *trace)
{
    bool any = false;

    for (unsigned i = 0; i < BOARD_UARTS; i++) {
        files->file[i].path = output_of(options->port[PORT_UART0 + i]);
        if (files->file[i].path)
            files->file[i].port = board_port_name(PORT_UART0 + i);
        any |= files->file[i].path != NULL;
    }
    if (any)
        trace_subscribe(trace, TRACE_KIND(SERIAL), collect, files);
}

int board_files_save(const struct board_files *files, int code)
{
    for (unsigned i = 0; i < BOARD_UARTS; i++) {
        const char *path = files->file[i].path;
        const struct text *bytes = &files->file[i].bytes;
        struct failure failure;

        if (path && save_file(path, text_string(bytes), bytes->length, &failure) != STATUS_OK)
            code = cli_failure(&failure);
    }
    return code;
}

void board_files_free(struct board_files *files)
{
    for (unsigned i = 0; i < BOARD_UARTS; i++) {
        heap_release(files->file[i].path);
        text_free(&files->file[i].bytes);
    }
}
