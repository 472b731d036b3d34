/* SPDX-License-Identifier: Apache-2.0 */
/* When memory runs out: what was set aside serves for an orderly end, then there is one line and 2.
 */
#include "sim/base/heap.h"
#include "tests/cmocka.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BLOCKS = 64 };

#define MEGABYTE ((size_t)1 << 20)

/* Little memory, some of it aside. */
static void be_poor(void)
{
    const struct rlimit limit = {256 * MEGABYTE, 256 * MEGABYTE};

    (void)setrlimit(RLIMIT_AS, &limit);
    heap_set_aside(64 * MEGABYTE);
}

static bool becomes_short(void)
{
    for (unsigned i = 0; i < BLOCKS && !heap_is_short(); i++)
        (void)heap_allocate(16 * MEGABYTE, 1);
    return heap_is_short();
}

/* Exit code of a process of its own that does `work`. */
static int in_a_process(void (*work)(void))
{
    pid_t process = fork();
    int status = 0;

    if (process == 0) {
        (void)freopen("/dev/null", "w", stderr);
        be_poor();
        work();
        _exit(0);
    }
    assert_int_equal(waitpid(process, &status, 0), process);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void goes_on_for_a_while(void)
{
    if (!becomes_short())
        _exit(3);
    (void)heap_allocate(16 * MEGABYTE, 1); /* what was set aside is more than one block */
}

static void goes_on_for_ever(void)
{
    for (unsigned i = 0; i < BLOCKS; i++)
        (void)heap_allocate(16 * MEGABYTE, 1);
}

static void what_was_set_aside_serves_for_the_end(void **state)
{
    (void)state;
#ifdef __SANITIZE_ADDRESS__ /* takes more address space than there is */
    skip();
#endif
    assert_int_equal(in_a_process(goes_on_for_a_while), 0);
}

static void when_that_is_used_up_too_it_ends_with_2(void **state)
{
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    skip();
#endif
    assert_int_equal(in_a_process(goes_on_for_ever), 2);
}

static void with_enough_memory_nothing_is_short(void **state)
{
    (void)state;
    heap_set_aside(MEGABYTE);
    heap_release(heap_allocate(MEGABYTE, 1));
    assert_false(heap_is_short());
    heap_set_aside(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_set_aside_serves_for_the_end),
        cmocka_unit_test(when_that_is_used_up_too_it_ends_with_2),
        cmocka_unit_test(with_enough_memory_nothing_is_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
