/* SPDX-License-Identifier: Apache-2.0 */
/* Virtual time as text. */
#ifndef SIM_CORE_TIME_TEXT_H
#define SIM_CORE_TIME_TEXT_H

#include "sim/base/text.h"
#include "sim/core/time.h"

/* Appends microseconds with six digits, "12.015625": every cycle is told apart, and can be read
 * again exactly. */
void time_print_us(struct text *text, sim_time time);

#endif
