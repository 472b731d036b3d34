/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cpu/console.h"

#include <string.h>

static size_t first_line(const uint8_t *bytes, size_t size)
{
    const uint8_t *end = memchr(bytes, '\n', size);

    return end ? (size_t)(end - bytes) + 1 : size;
}

void console_emit(struct trace *trace, const char *source, const uint8_t *bytes, size_t size)
{
    while (size > 0 && trace_wants(trace, OBS_CONSOLE)) {
        size_t line = first_line(bytes, size);

        trace_emit(trace,
                   (struct observation){
                       .kind = OBS_CONSOLE,
                       .console = {.source = source, .bytes = (const char *)bytes, .size = line},
                   });
        bytes += line;
        size -= line;
    }
}
