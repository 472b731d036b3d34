/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The campaign: COUNT hostile conversations with each image, shared by as many processes as asked
 * for.
 *
 *     hostile COUNT PROCESSES IMAGE...
 *
 * A line for each image; each process says which seed failed first. Exit code 1 when any did.
 */
#include "tests/machine/campaign.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSES_MAX = 64 };

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* One process's share, with fast, usual and slow EasyDMA in turns. */
static int run_share(const char *image, uint64_t count, unsigned share, unsigned shares)
{
    static const enum choice_policy policies[] = {CHOICE_REALISTIC, CHOICE_EAGER, CHOICE_LAZY};
    struct campaign_result result;
    unsigned failures = 0;

    for (unsigned i = 0; i < 3; i++) {
        if (!campaign_run(image, policies[i], 1 + i * count / 3 + share, 1 + (i + 1) * count / 3,
                          shares, &result)) {
            (void)fprintf(stderr, "%s: %s\n", file_name(image), result.example);
            return 1;
        }
        failures += result.failures;
        if (result.failures)
            (void)fprintf(stderr, "%s: %u of %u failed, first: %s\n", file_name(image),
                          result.failures, result.conversations, result.example);
    }
    return failures != 0;
}

static bool run_image(const char *image, uint64_t count, unsigned shares)
{
    pid_t child[PROCESSES_MAX];
    bool good = true;

    for (unsigned share = 0; share < shares; share++) {
        child[share] = fork();
        if (child[share] == 0)
            _exit(run_share(image, count, share, shares));
        good &= child[share] > 0;
    }
    for (unsigned share = 0; share < shares; share++) {
        int status = 1;

        if (child[share] > 0)
            (void)waitpid(child[share], &status, 0);
        good &= status == 0;
    }
    (void)printf("%-7s %s, %" PRIu64 " conversations\n", good ? "good" : "FAILED", file_name(image),
                 count);
    return good;
}

int main(int argc, char **argv)
{
    uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    unsigned shares = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
    bool good = true;

    if (!count || !shares || shares > PROCESSES_MAX || argc < 4) {
        (void)fprintf(stderr, "usage: hostile COUNT PROCESSES IMAGE...\n");
        return 2;
    }
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 3; i < argc; i++)
        good &= run_image(argv[i], count, shares);
    return good ? 0 : 1;
}
