/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results of calls that can fail because of what the user gave us.
 *
 * Convention: such a function returns `enum status`, takes a `struct failure *` as its last
 * argument and, when it fails, leaves there one sentence that names the thing and the reason.
 */
#ifndef SIM_BASE_STATUS_H
#define SIM_BASE_STATUS_H

#include "sim/base/compiler.h"

enum status {
#define STATUS(name, sentence) STATUS_##name,
#include "sim/base/status.def"
#undef STATUS
    STATUS_COUNT,
};

/* What went wrong, ready to be printed behind "fencepost: ". */
struct failure {
    enum status status;
    char message[320];
};

/* The sentence for `status` alone. Never NULL. */
const char *status_sentence(enum status status);

/*
 * Fills `failure` with "subject: sentence" or "subject: sentence: detail" and returns `status`,
 * so that a caller can write `return failure_set(...)`.
 *
 * subject  what is at fault, usually a file name; NULL leaves it out.
 * detail   printf format; NULL leaves it out. Too long a text is cut, never overrun.
 * failure  may be NULL when the caller wants the status only.
 */
enum status failure_set(struct failure *failure, enum status status, const char *subject,
                        const char *detail, ...) PRINTF_LIKE(4, 5);

#endif
