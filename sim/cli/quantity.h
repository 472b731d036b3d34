/* SPDX-License-Identifier: Apache-2.0 */
/* Quantities as a person types them. */
#ifndef SIM_CLI_QUANTITY_H
#define SIM_CLI_QUANTITY_H

#include "sim/core/time.h"

#include <stdbool.h>

/*
 * Reads a span of virtual time: a decimal number with one of the units s, ms, us or cycles, e.g.
 * "2s", "1.5ms", "640cycles". False when it is anything else, zero, or more than a day.
 */
bool quantity_time(const char *text, sim_time *time);

/* Reads an unsigned number, decimal or 0x hexadecimal, with nothing behind it. */
bool quantity_number(const char *text, uint64_t *number);

#endif
