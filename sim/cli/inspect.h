/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of `fencepost inspect`. */
#ifndef SIM_CLI_INSPECT_H
#define SIM_CLI_INSPECT_H

#include "sim/base/text.h"
#include "sim/soc/machine.h"

struct inspection {
    struct machine *machine;
    const struct image *image;
    struct text *out;
};

/* Appends the image's vector table: each handler, what is odd about it, and runs of stubs in a
 * line. */
void inspect_vectors(const struct inspection *inspection);

#endif
