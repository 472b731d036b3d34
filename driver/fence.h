/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fences between the CPU and EasyDMA, and a way to record fences that leave no instruction.
 *
 * Storing to TASKS_START* hands the buffer to a second bus master. `volatile` orders register
 * accesses among each other only: nothing but a fence keeps a compiler from moving the plain
 * stores that fill the buffer behind the store that starts the transfer.
 */
#ifndef DRIVER_FENCE_H
#define DRIVER_FENCE_H

#include <stdatomic.h>

/*
 * Release. Call it after the last access to the buffer and before the store to the start task:
 * all earlier loads and stores are done when the transfer starts. A compiler barrier and a `dmb`.
 */
static inline void dma_start(void)
{
    atomic_thread_fence(memory_order_release);
}

/*
 * Acquire. Call it after the load that saw the end event and before the first access to the
 * buffer: no later load or store is done before. A compiler barrier and a `dmb`.
 */
static inline void dma_end(void)
{
    atomic_thread_fence(memory_order_acquire);
}

/*
 * A barrier for the compiler only, recorded in the program file: the address at which it stands
 * goes to section .fencepost.fences as one 32-bit word. No instruction is emitted and the section
 * is not loaded. Each copy of an inlined or cloned function records its own address.
 */
#define COMPILER_FENCE()                                                                           \
    __asm__ volatile(".Lfence%=:\n\t"                                                              \
                     ".pushsection .fencepost.fences,\"o\",%%progbits,.Lfence%=\n\t"               \
                     ".word .Lfence%=\n\t"                                                         \
                     ".popsection"                                                                 \
                     :                                                                             \
                     :                                                                             \
                     : "memory")

#endif
