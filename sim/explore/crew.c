/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, MAP_NORESERVE */
#include "sim/explore/crew.h"

#include "sim/base/heap.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS_MAX = 256, ALONE = 2 /* jobs that are not worth waking anybody */ };

struct crew {
    crew_work *work;
    void *owner;
    unsigned others; /* processes besides the caller */
    pid_t process[WORKERS_MAX];
    int wake; /* a byte for each process: there are jobs */
    int done; /* a byte from each process: none is left */
    struct crew_list {
        unsigned next;
        unsigned count;
    } * list; /* shared */
};

void *shared_try(size_t size)
{
    void *memory =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

void *shared_allocate(size_t size)
{
    void *memory = shared_try(size);

    if (memory)
        return memory;
    (void)fprintf(stderr, "fencepost: out of memory\n");
    exit(2);
}

void shared_release(void *memory, size_t size)
{
    if (memory)
        (void)munmap(memory, size);
}

static void do_jobs(struct crew *crew)
{
    for (;;) {
        unsigned job = __atomic_fetch_add(&crew->list->next, 1, __ATOMIC_ACQ_REL);

        if (job >= crew->list->count)
            return;
        crew->work(crew->owner, job);
    }
}

/* Until the caller is gone. */
static void serve(struct crew *crew, int wake, int done)
{
    char byte;

    while (read(wake, &byte, 1) == 1) {
        do_jobs(crew);
        if (write(done, &byte, 1) != 1)
            break;
    }
    _exit(0);
}

/* Without processes the caller does all alone. */
static void hire(struct crew *crew, unsigned count)
{
    int wake[2];
    int done[2];

    if (pipe(wake))
        return;
    if (pipe(done)) {
        (void)close(wake[0]);
        (void)close(wake[1]);
        return;
    }
    (void)fflush(NULL); /* nobody writes it twice */
    while (crew->others < count) {
        pid_t process = fork();

        if (process < 0)
            break;
        if (process == 0) {
            (void)close(wake[1]);
            (void)close(done[0]);
            serve(crew, wake[0], done[1]);
        }
        crew->process[crew->others++] = process;
    }
    (void)close(wake[0]);
    (void)close(done[1]);
    crew->wake = wake[1];
    crew->done = done[0];
}

struct crew *crew_create(unsigned workers, crew_work *work, void *owner)
{
    struct crew *crew = heap_allocate(1, sizeof *crew);

    crew->work = work;
    crew->owner = owner;
    crew->wake = -1;
    crew->done = -1;
    crew->list = shared_allocate(sizeof *crew->list);
    if (workers > WORKERS_MAX)
        workers = WORKERS_MAX;
    if (workers > 1)
        hire(crew, workers - 1);
    return crew;
}

void crew_destroy(struct crew *crew)
{
    if (!crew)
        return;
    if (crew->wake >= 0)
        (void)close(crew->wake);
    if (crew->done >= 0)
        (void)close(crew->done);
    for (unsigned i = 0; i < crew->others; i++)
        (void)waitpid(crew->process[i], NULL, 0);
    shared_release(crew->list, sizeof *crew->list);
    heap_release(crew);
}

static void wake_all(struct crew *crew)
{
    char bytes[WORKERS_MAX] = {0};

    if (write(crew->wake, bytes, crew->others) != (ssize_t)crew->others)
        crew->others = 0; /* they are gone */
}

/* A process that died leaves its job undone: nothing can be said any more. */
static void await_all(struct crew *crew)
{
    char byte;

    for (unsigned i = 0; i < crew->others; i++) {
        if (read(crew->done, &byte, 1) != 1) {
            (void)fprintf(stderr, "fencepost: a process of the exploration has died\n");
            exit(2);
        }
    }
}

void crew_do(struct crew *crew, unsigned count)
{
    bool together = crew->others && count > ALONE;

    crew->list->count = count;
    __atomic_store_n(&crew->list->next, 0, __ATOMIC_RELEASE);
    if (together)
        wake_all(crew);
    do_jobs(crew);
    if (together)
        await_all(crew);
}
