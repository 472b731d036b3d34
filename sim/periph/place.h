/* SPDX-License-Identifier: Apache-2.0 */
/* Where the blocks are, as constants from peripherals.def: BASE_USBD, LINE_USBD. */
#ifndef SIM_PERIPH_PLACE_H
#define SIM_PERIPH_PLACE_H

#include "sim/periph/regfile.h"

enum peripheral_base {
#define PERIPHERAL(name, base, size, irq, brief) BASE_##name = (base),
#include "sim/periph/peripherals.def"
#undef PERIPHERAL
};

enum peripheral_line {
#define PERIPHERAL(name, base, size, irq, brief) LINE_##name = (irq),
#include "sim/periph/peripherals.def"
#undef PERIPHERAL
};

#endif
