/* SPDX-License-Identifier: Apache-2.0 */
/* How a block says that it was asked for something the model does not do: never a silent zero. */
#ifndef SIM_PERIPH_NOTICE_H
#define SIM_PERIPH_NOTICE_H

#include "sim/periph/regfile.h"

/* The write of `value` to the register at `offset` asks for more than is modelled. */
static inline void notice_unmodelled(const struct regfile *regs, uint32_t offset, uint32_t value)
{
    struct trace *trace = regs->fabric->trace;

    trace_emit(trace, (struct observation){.kind = OBS_UNMODELLED,
                                           .unmodelled = {.pc = trace->state.pc,
                                                          .address = regs->spec->base + offset,
                                                          .size = 4,
                                                          .write = true,
                                                          .exists = true,
                                                          .value = value,
                                                          .block = regs->spec->name}});
}

#endif
