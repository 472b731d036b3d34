/* SPDX-License-Identifier: Apache-2.0 */
/* The engine of CRYPTOCELL: what cc_engine.c and cc_hooks.c know of each other. */
#ifndef SIM_PERIPH_CC_ENGINE_PARTS_H
#define SIM_PERIPH_CC_ENGINE_PARTS_H

#include "sim/periph/cc_engine.h"

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#include "driver/regs/cc_host_rgf.def"
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#include "driver/regs/cc_data.def"
};
/* clang-format on */

/* What writes and reads of the engine's registers do. */
extern const struct reg_hook cc_engine_hooks[];

/* Is it switched on? */
bool cc_engine_is_enabled(const struct cc_engine *engine);

/* IRR or IMR has changed. */
void cc_engine_update_line(struct cc_engine *engine);

#endif
