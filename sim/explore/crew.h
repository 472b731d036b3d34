/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A crew of processes that do jobs out of one list in shared memory.
 *
 * A job depends on nothing but itself, and results are read in the order of the list, so what comes
 * out does not depend on how many there are or which was faster. The caller is one of them: a crew
 * of one starts no process.
 */
#ifndef SIM_EXPLORE_CREW_H
#define SIM_EXPLORE_CREW_H

#include "sim/base/status.h"

#include <stdbool.h>
#include <stddef.h>

struct crew;

/* Does job number `job`. In a process of its own or in the caller's: what is to be seen by others
 * it writes to shared memory. */
typedef void crew_work(void *owner, unsigned job);

/* Starts workers - 1 processes. They have all that the caller has at this moment. */
struct crew *crew_create(unsigned workers, crew_work *work, void *owner);
void crew_destroy(struct crew *crew);

/* Does jobs 0..count-1; returns when all are done. False: a process has died, and its job is not
 * done; crew_reason says how. */
MUST_CHECK bool crew_do(struct crew *crew, unsigned count);
const char *crew_reason(const struct crew *crew);

/* Ends one of its processes, as a system without memory would; for tests. */
void crew_kill_one(struct crew *crew);

/* Memory that processes started later share with the caller: zeros, and only what is written to
 * takes room. Ends the program when there is none; shared_try gives NULL then. Released with
 * shared_release. */
void *shared_allocate(size_t size);
void *shared_try(size_t size);
void shared_release(void *memory, size_t size);

#endif
