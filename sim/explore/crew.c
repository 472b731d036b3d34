/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, MAP_NORESERVE */
#include "sim/explore/crew.h"

#include "sim/base/heap.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS_MAX = 256, ALONE = 2 /* jobs that are not worth waking anybody */ };

struct crew {
    crew_work *work;
    void *owner;
    unsigned others; /* processes besides the caller */
    struct {
        pid_t process;
        int line; /* a byte to it: there are jobs; a byte from it: none is left */
    } other[WORKERS_MAX];
    char reason[80]; /* of the first that died; "": all live */
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

/* One byte; false: nobody is there any more. */
static bool hear(int line)
{
    char byte;
    ssize_t got;

    do
        got = read(line, &byte, 1);
    while (got < 0 && errno == EINTR);
    return got == 1;
}

static bool say(int line)
{
    ssize_t sent;

    do
        sent = send(line, "", 1, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == 1;
}

/* Until the caller is gone. Who wants to stop it all tells the caller, who comes to a good end. */
static void serve(struct crew *crew, int line)
{
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
    (void)signal(SIGHUP, SIG_IGN);
    for (unsigned i = 0; i < crew->others; i++) /* or they would never hear that it is gone */
        (void)close(crew->other[i].line);
    while (hear(line)) {
        do_jobs(crew);
        if (!say(line))
            break;
    }
    _exit(0);
}

/* Without processes the caller does all alone. */
static bool hire(struct crew *crew)
{
    int line[2];
    pid_t process;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, line))
        return false;
    process = fork();
    if (process == 0) {
        (void)close(line[0]);
        serve(crew, line[1]);
    }
    (void)close(line[1]);
    if (process < 0) {
        (void)close(line[0]);
        return false;
    }
    crew->other[crew->others].process = process;
    crew->other[crew->others++].line = line[0];
    return true;
}

struct crew *crew_create(unsigned workers, crew_work *work, void *owner)
{
    struct crew *crew = heap_allocate(1, sizeof *crew);

    crew->work = work;
    crew->owner = owner;
    crew->list = shared_allocate(sizeof *crew->list);
    if (workers > WORKERS_MAX)
        workers = WORKERS_MAX;
    (void)fflush(NULL); /* nobody writes it twice */
    while (crew->others + 1 < workers && hire(crew))
        ;
    return crew;
}

void crew_destroy(struct crew *crew)
{
    if (!crew)
        return;
    for (unsigned i = 0; i < crew->others; i++)
        (void)close(crew->other[i].line);
    for (unsigned i = 0; i < crew->others; i++)
        (void)waitpid(crew->other[i].process, NULL, 0);
    shared_release(crew->list, sizeof *crew->list);
    heap_release(crew);
}

/* How the process came to its end, unless another one died before. */
static void lament(struct crew *crew, unsigned index)
{
    int status = 0;

    if (crew->reason[0])
        return;
    (void)waitpid(crew->other[index].process, &status, 0);
    if (WIFSIGNALED(status))
        (void)snprintf(crew->reason, sizeof crew->reason,
                       "a process of the search was ended by signal %d%s", WTERMSIG(status),
                       WTERMSIG(status) == SIGKILL ? " (out of memory?)" : "");
    else
        (void)snprintf(crew->reason, sizeof crew->reason, "a process of the search has ended");
}

const char *crew_reason(const struct crew *crew)
{
    return crew->reason;
}

void crew_kill_one(struct crew *crew)
{
    if (crew->others)
        (void)kill(crew->other[0].process, SIGKILL);
}

bool crew_do(struct crew *crew, unsigned count)
{
    unsigned called = count > ALONE ? crew->others : 0;

    crew->list->count = count;
    __atomic_store_n(&crew->list->next, 0, __ATOMIC_RELEASE);
    for (unsigned i = 0; i < called; i++)
        (void)say(crew->other[i].line);
    do_jobs(crew);
    for (unsigned i = 0; i < called; i++) {
        if (!hear(crew->other[i].line))
            lament(crew, i);
    }
    return !crew->reason[0];
}
