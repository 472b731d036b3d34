/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/core/time_text.h"

void time_print_us(struct text *text, sim_time time)
{
    text_printf(text, "%llu.%06llu", (unsigned long long)(time / CYCLES_PER_US),
                (unsigned long long)(time % CYCLES_PER_US * 1000000 / CYCLES_PER_US));
}
