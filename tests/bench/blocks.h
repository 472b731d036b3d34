/* SPDX-License-Identifier: Apache-2.0 */
/* What the blocks of the chip cost a run before it begins. */
#ifndef TESTS_BENCH_BLOCKS_H
#define TESTS_BENCH_BLOCKS_H

/* Prints how long a machine takes to be built and switched on, with all blocks, and with USBD, its
 * EasyDMA and what these need. */
void measure_blocks(void);

#endif
