/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the machine is built from, and what stays true of it when `load` writes another firmware:
 * names, recorded barriers, objects and heap functions belong to an image and must go with it.
 *
 * gdb does not say which file it loads. Two are possible: the image the session began with, built
 * anew in the meantime, or one that `monitor image` names.
 */
#include "sim/debug/target_state.h"

#include "sim/base/bits.h"
#include "sim/base/heap.h"
#include "sim/explore/token.h"

#include <string.h>
#include <unistd.h>

/* ---- Building -------------------------------------------------------------------------------- */

static char *copy_path(const char *path)
{
    char folder[4096];
    struct text whole = {0};
    char *copy;

    if (*path != '/' && getcwd(folder, sizeof folder))
        text_printf(&whole, "%s/", folder);
    text_printf(&whole, "%s", path);
    copy = heap_copy_string(text_string(&whole));
    text_free(&whole);
    return copy;
}

/* Around a machine that is as plan_build left it. */
static void take_machine(struct target *target, struct machine *machine)
{
    target->machine = machine;
    target->report.trace = machine_trace(machine);
    target->report.code = machine_peek;
    target->report.code_owner = machine;
    target->report.goes_on = true;
    target->report.image = machine_image(machine);
    target->checker = checked_attach(machine, &target->checked);
    state_register(machine_state(machine), "debug", &target->counts, sizeof target->counts);
    stops_init(target);
    points_apply(target);
}

static void copy_images(struct target *target, const struct plan *plan)
{
    target->plan = *plan;
    target->images = heap_allocate(plan->image_count, sizeof *target->images);
    for (unsigned i = 0; i < plan->image_count; i++)
        target->images[i] = copy_path(plan->images[i]);
}

enum status target_create(struct target **result, const struct target_options *options,
                          struct failure *failure)
{
    struct target *target;
    struct machine *machine;

    *result = NULL;
    if (plan_build(&options->plan, &machine, failure) != STATUS_OK)
        return failure->status;
    if (options->token && token_check(options->token, options->token_check,
                                      token_fingerprint(machine), failure) != STATUS_OK) {
        machine_destroy(machine);
        return failure->status;
    }
    target = heap_allocate(1, sizeof *target);
    copy_images(target, &options->plan);
    target->plan.images = target->images;
    target->checked = options->checked;
    target->past.bytes_limit = options->history_bytes;
    take_machine(target, machine);
    target_restart(target);
    *result = target;
    return STATUS_OK;
}

void images_release(struct target *target)
{
    machine_destroy(target->next);
    for (unsigned i = 0; i < target->plan.image_count; i++)
        heap_release(target->images[i]);
    heap_release(target->images);
    heap_release(target->flash);
}

/* ---- Other firmware -------------------------------------------------------------------------- */

void images_adopt(struct target *target)
{
    uint64_t policy = machine_chooser(target->machine)->state.dma_policy;

    if (!target->next)
        return;
    checker_destroy(target->checker);
    machine_destroy(target->machine);
    chooser_set_dma_policy(machine_chooser(target->next), (enum choice_policy)policy);
    take_machine(target, target->next);
    target->next = NULL;
    target->build++;
}

/* Whether flash holds all that the images of `machine` have for it. */
static bool is_in_flash(struct target *target, struct machine *machine)
{
    const uint8_t *there = machine_memory(target->machine)->flash;
    const uint8_t *wanted = machine_memory(machine)->flash;

    for (uint32_t i = 0; i < FLASH_SIZE; i++) {
        if (wanted[i] != 0xff && wanted[i] != there[i])
            return false;
    }
    return true;
}

/* From now on names are those of `machine`, and with the next restart it is the machine. */
static void announce(struct target *target, struct machine *machine, bool unknown)
{
    machine_destroy(target->next);
    target->next = machine;
    target->unknown = unknown;
    target->unknown_told = false;
    target->report.image = machine_image(machine);
}

/* False: the images cannot be read, or are not what is in flash. */
static bool recognise(struct target *target)
{
    struct machine *machine;
    struct failure failure;

    if (plan_build(&target->plan, &machine, &failure) != STATUS_OK)
        return false;
    if (!is_in_flash(target, machine)) {
        machine_destroy(machine);
        return false;
    }
    announce(target, machine, false);
    return true;
}

/* Nothing is known of what was loaded but its vector table. */
static void do_without_image(struct target *target)
{
    struct plan plan = target->plan;
    struct machine *machine;
    struct failure failure;

    plan.image_count = 0;
    if (plan_build(&plan, &machine, &failure) != STATUS_OK)
        return; /* it could be built before */
    target->checked.checker.main_stack_top = load_le32(target->flash);
    announce(target, machine, true);
}

void images_tell(struct target *target)
{
    if (!target->unknown || target->unknown_told)
        return;
    text_printf(&target->console,
                "fencepost: what was loaded is not %s: reports have no names\n"
                "           before 'monitor image PATH' tells where they are\n",
                target->images[0]);
    target->unknown_told = true;
}

void target_programmed(struct target *target)
{
    if (!target->flash)
        target->flash = heap_allocate(FLASH_SIZE, 1);
    memcpy(target->flash, machine_memory(target->machine)->flash, FLASH_SIZE);
    if (!recognise(target))
        do_without_image(target);
}

static void keep_image(struct target *target, char *path)
{
    for (unsigned i = 0; i < target->plan.image_count; i++)
        heap_release(target->images[i]);
    target->images[0] = path;
    target->plan.image_count = 1;
}

enum status target_name_image(struct target *target, const char *path, struct failure *failure)
{
    struct plan plan = target->plan;
    char *whole = copy_path(path);
    struct machine *machine;
    enum status status;

    plan.image_count = 1;
    plan.images = &whole;
    status = plan_build(&plan, &machine, failure);
    if (status == STATUS_OK && !is_in_flash(target, machine)) {
        machine_destroy(machine);
        status = failure_set(failure, STATUS_OTHER_FIRMWARE, path, NULL);
    }
    if (status != STATUS_OK) {
        heap_release(whole);
        return status;
    }
    keep_image(target, whole);
    announce(target, machine, false);
    return STATUS_OK;
}
