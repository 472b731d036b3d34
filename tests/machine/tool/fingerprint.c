/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs images and prints the state each ends in: first the library it runs on, as a comment, then
 * a line for each image and DMA policy:
 *
 *     # Unicorn 2.0.1
 *     image  policy  virtual time  hash of the whole state
 *
 *     fingerprint IMAGE...
 *
 * Not a test of its own: for comparing two libraries, two compilers or two changes line by line.
 */
#include "sim/soc/machine.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    enum choice_policy policy;
} policies[] = {{"realistic", CHOICE_REALISTIC},
                {"eager", CHOICE_EAGER},
                {"lazy", CHOICE_LAZY},
                {"random", CHOICE_RANDOM}};

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static bool print_run(const char *path, unsigned policy)
{
    const struct machine_options options = {
        .dma = policies[policy].policy, .seed = 1, .host = HOST_LINUX};
    struct machine *machine = NULL;
    struct failure failure;
    bool good = machine_create(&machine, &options, &failure) == STATUS_OK &&
                machine_load(machine, path, &failure) == STATUS_OK;

    if (good) {
        machine_power_on(machine);
        (void)machine_run(machine, 2 * CYCLES_PER_SECOND);
        (void)printf("%s %s %" PRIu64 " %016" PRIx64 "\n", file_name(path), policies[policy].name,
                     machine_now(machine), machine_hash(machine));
    } else {
        (void)fprintf(stderr, "fingerprint: %s\n", failure.message);
    }
    machine_destroy(machine);
    return good;
}

int main(int argc, char **argv)
{
    bool good = argc > 1;

    if (argc < 2)
        (void)fprintf(stderr, "usage: fingerprint IMAGE...\n");
    else
        (void)printf("# %s\n", cpu_engine_name());
    for (int i = 1; i < argc && good; i++) {
        for (unsigned policy = 0; policy < ARRAY_LENGTH(policies) && good; policy++)
            good = print_run(argv[i], policy);
    }
    return good ? 0 : 2;
}
