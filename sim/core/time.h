/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Virtual time: CPU cycles at 64 MHz since power-on. It moves in one place only, the CPU's
 * instruction count and the sleep that ends at the next event, and never follows a host clock.
 *
 * Deviation: every instruction takes one cycle.
 */
#ifndef SIM_CORE_TIME_H
#define SIM_CORE_TIME_H

#include <stdint.h>

typedef uint64_t sim_time;

#define CYCLES_PER_US ((sim_time)64)
#define CYCLES_PER_MS (1000 * CYCLES_PER_US)
#define CYCLES_PER_SECOND (1000 * CYCLES_PER_MS)

#define SIM_TIME_NEVER UINT64_MAX

#endif
