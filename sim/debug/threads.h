/* SPDX-License-Identifier: Apache-2.0 */
/* Who is at work in the machine, shown to gdb as threads: the CPU, EasyDMA and the USB host. */
#ifndef SIM_DEBUG_THREADS_H
#define SIM_DEBUG_THREADS_H

#include "sim/debug/target.h"

enum thread { THREAD_NONE, THREAD_CPU, THREAD_DMA, THREAD_HOST, THREADS = THREAD_HOST };

const char *thread_name(enum thread thread);

/* Appends what the thread is doing, one line without its end. */
void thread_print(struct text *text, struct target *target, enum thread thread);

/* Where the CPU started what EasyDMA does; false when the thread has no such place. */
bool thread_site(struct target *target, enum thread thread, struct site *site);

/* The open transfer the engine is at, or else the latest that it has finished; NULL: none. */
const struct transfer *thread_transfer(struct target *target);

#endif
