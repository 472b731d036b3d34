/* SPDX-License-Identifier: Apache-2.0 */
/* Programs of tests/cpu/asm in a harness. */
#ifndef TESTS_CPU_GUEST_H
#define TESTS_CPU_GUEST_H

#include "tests/cpu/harness.h"

/* Puts the program, e.g. "stacks", into flash and resets the CPU. Fails the test without it. */
void guest_load(struct harness *harness, const char *name);

/* Runs until the program ends itself; a system reset is carried out as a chip would. Gives up
 * after five million instructions. */
enum cpu_stop guest_run(struct harness *harness);

#endif
