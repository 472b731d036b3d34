/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/explore/programs.h"

#include <stdio.h>

void program_open_build(struct program *program, const char *build, const char *name)
{
    (void)snprintf(program->path, sizeof program->path, "%s/%s/%s.elf", FIRMWARE_DIR, build, name);
    program->images[0] = program->path;
    program->plan = (struct plan){
        .timeout = 2 * CYCLES_PER_SECOND, .image_count = 1, .images = program->images};
}

void program_open(struct program *program, const char *name)
{
    program_open_build(program, FIRMWARE_DEFAULT, name);
}

struct machine *program_build(const struct plan *plan)
{
    struct machine *machine;
    struct failure failure;

    if (plan_build(plan, &machine, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    return machine;
}
