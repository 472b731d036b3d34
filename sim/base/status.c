/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/status.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

static const char *const sentences[] = {
#define STATUS(name, sentence) [STATUS_##name] = sentence,
#include "sim/base/status.def"
#undef STATUS
};

const char *status_sentence(enum status status)
{
    assert(status < STATUS_COUNT);
    return sentences[status];
}

enum status failure_set(struct failure *failure, enum status status, const char *subject,
                        const char *detail, ...)
{
    char *text;
    size_t room;
    int used;

    if (!failure)
        return status;

    failure->status = status;
    text = failure->message;
    room = sizeof failure->message;
    used = snprintf(text, room, "%s%s%s", subject ? subject : "", subject ? ": " : "",
                    status_sentence(status));
    if (detail && used >= 0 && (size_t)used + 2 < room) {
        va_list values;

        text[used] = ':';
        text[used + 1] = ' ';
        va_start(values, detail);
        (void)vsnprintf(text + used + 2, room - (size_t)used - 2, detail, values);
        va_end(values);
    }
    return status;
}
