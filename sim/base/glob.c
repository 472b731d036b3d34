/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/glob.h"

#include <stddef.h>

bool glob_matches(const char *pattern, const char *text)
{
    const char *star = NULL; /* the last * so far: only it can still be given more to cover */
    const char *covered = NULL;

    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            covered = text;
        } else if (*pattern == '?' || *pattern == *text) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++covered;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}
