/* SPDX-License-Identifier: Apache-2.0 */
/* What the firmware prints, by whichever way, leaves here. */
#ifndef SIM_CPU_CONSOLE_H
#define SIM_CPU_CONSOLE_H

#include "sim/core/trace.h"

/* Emits `size` bytes as OBS_CONSOLE observations of at most one line each. `source` is static. */
void console_emit(struct trace *trace, const char *source, const uint8_t *bytes, size_t size);

#endif
