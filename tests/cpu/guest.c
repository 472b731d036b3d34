/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/cpu/guest.h"

#include "tests/cmocka.h"

#include <stdio.h>

enum { LONGEST_RUN = 5000000, LARGEST_PROGRAM = 65536 };

void guest_load(struct harness *harness, const char *name)
{
    static uint8_t image[LARGEST_PROGRAM];
    char path[512];
    FILE *file;
    size_t size;

    (void)snprintf(path, sizeof path, "%s/%s.bin", GUEST_DIR, name);
    file = fopen(path, "rb");
    if (!file)
        fail_msg("%s: cannot be opened", path);
    size = fread(image, 1, sizeof image, file);
    (void)fclose(file);
    harness_load(harness, image, size);
}

enum cpu_stop guest_run(struct harness *harness)
{
    enum cpu_stop stop = harness_run(harness, LONGEST_RUN);

    while (stop == CPU_STOP_RESET && harness->scheduler.state.now < LONGEST_RUN) {
        cpu_reset(harness->cpu);
        stop = harness_run(harness, LONGEST_RUN);
    }
    return stop;
}
