/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/hosts/programs.h"

static enum program_turn write(const struct host_writing *writing)
{
    (void)writing;
    return PROGRAM_DONE;
}

const struct host_program hostile_program = {"hostile", 0, write};
