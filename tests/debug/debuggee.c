/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/debug/debuggee.h"

#include "tests/cmocka.h"

#include <stdio.h>

char *path_of(const char *program)
{
    static char path[200];

    (void)snprintf(path, sizeof path, "%s/%s/%s.elf", FIRMWARE_DIR, FIRMWARE_DEFAULT, program);
    return path;
}

struct target *debug_image(char *path, const struct machine_options *machine)
{
    struct failure failure;
    struct target *target;
    const struct target_options options = {
        .plan = {.machine = *machine, .images = &path, .image_count = 1},
        .history_bytes = (size_t)64 << 20};

    if (target_create(&target, &options, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    return target;
}

struct target *debug_firmware(const char *program)
{
    return debug_image(path_of(program), &(struct machine_options){.host = HOST_LINUX});
}

guest_addr address_of(struct target *target, const char *symbol)
{
    struct symbol found;

    if (!image_symbol_named(target_report(target)->image, symbol, &found))
        fail_msg("%s: no such symbol", symbol);
    return found.address;
}

enum halt run_for(struct target *target, enum motion motion, unsigned slices)
{
    target_go(target, motion, (struct byte_range){0, 0});
    for (unsigned i = 0; i < slices; i++) {
        if (target_advance(target))
            return target_halted(target).halt;
    }
    target_interrupt(target);
    return HALT_INTERRUPT;
}

static enum halt finish(struct target *target, enum motion motion)
{
    enum halt halt = run_for(target, motion, 5000);

    if (halt == HALT_INTERRUPT)
        fail_msg("it does not halt");
    return halt;
}

enum halt run_until_halt(struct target *target)
{
    return finish(target, MOTION_CONTINUE);
}

enum halt step(struct target *target)
{
    return finish(target, MOTION_STEP);
}

sim_time now_of(struct target *target)
{
    return machine_now(target_machine(target));
}

uint64_t hash_of(struct target *target)
{
    return machine_hash(target_machine(target));
}
