/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cli/quantity.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const struct unit {
    const char *name;
    sim_time cycles;
} units[] = {{"s", CYCLES_PER_SECOND}, {"ms", CYCLES_PER_MS}, {"us", CYCLES_PER_US}, {"cycles", 1}};

bool quantity_time(const char *text, sim_time *time)
{
    char *end;
    double number;

    /* strtod would also take signs, blanks, "inf" and hexadecimal. */
    if (!isdigit((unsigned char)text[0]) || text[1] == 'x' || text[1] == 'X')
        return false;
    number = strtod(text, &end);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        double cycles = number * (double)units[i].cycles;

        if (strcmp(end, units[i].name) != 0)
            continue;
        if (cycles < 1 || cycles > 86400.0 * (double)CYCLES_PER_SECOND)
            return false;
        *time = (sim_time)(cycles + 0.5);
        return true;
    }
    return false;
}

bool quantity_number(const char *text, uint64_t *number)
{
    char *end;

    if (!isdigit((unsigned char)text[0]))
        return false;
    errno = 0;
    *number = strtoull(text, &end, text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10);
    return !errno && !*end && end != text;
}
