/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two threads that take turns, as small kernels do it: thread code on the process stack, switched
 * by PendSV (Armv7-M B1.4.1, B1.5.7).
 */
#ifndef FIRMWARE_BUGS_PARTS_THREAD_H
#define FIRMWARE_BUGS_PARTS_THREAD_H

#include <stdint.h>

enum { THREAD_STACK_WORDS = 256 };

/* Memory for one thread. The program owns it, for ever. */
struct thread {
    uint32_t *top; /* while another runs */
    uint32_t stack[THREAD_STACK_WORDS] __attribute__((aligned(8)));
};

/* Runs `first`, and `second` whenever the first yields. Neither may return. */
_Noreturn void threads_run(struct thread *first, void (*first_entry)(void), struct thread *second,
                           void (*second_entry)(void));

/* Lets the other one run. */
void thread_yield(void);

#endif
