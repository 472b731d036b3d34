/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/checked.h"

#include "sim/base/bits.h"
#include "sim/explore/objects.h"

/* The first word of the vector table (Armv7-M B1.5.3). */
static guest_addr main_stack_top(const struct image *image)
{
    guest_addr table = image_vector_table(image);

    for (unsigned i = 0; i < image_segment_count(image); i++) {
        struct image_segment segment = image_segment(image, i);
        struct byte_range range = {segment.address, segment.size};

        if (range_covers(range, (struct byte_range){table, 4}))
            return load_le32(segment.bytes + (table - segment.address));
    }
    return 0;
}

static bool find_function(const struct machine *machine, const char *name, struct symbol *symbol)
{
    const struct image *image = machine_image(machine);

    return image && image_symbol_named(image, name, symbol) && symbol->is_function;
}

bool checked_has_function(const struct machine *machine, const char *name)
{
    struct symbol symbol;

    return find_function(machine, name, &symbol);
}

/* Marks are few and the list of functions is short: there is always room. */
static void mark_heap(struct machine *machine, const struct heap_function *functions,
                      unsigned count)
{
    struct symbol symbol;

    for (unsigned i = 0; i < count; i++) {
        if (find_function(machine, functions[i].name, &symbol) &&
            !cpu_mark_call(machine_cpu(machine), symbol.address, heap_tag(&functions[i])))
            return;
    }
}

struct checker *checked_attach(struct machine *machine, const struct checked_options *options)
{
    struct checker_options checker = options ? options->checker : (struct checker_options){0};
    const struct image *image = machine_image(machine);
    const struct heap_function *known;
    unsigned count;

    known = heap_functions(&count);
    mark_heap(machine, known, count);
    if (options)
        mark_heap(machine, options->heap, options->heap_count);
    if (image) {
        checker.object_at = object_at;
        checker.object_left = object_left;
        checker.object_owner = (void *)(uintptr_t)image;
        checker.main_stack_top = main_stack_top(image);
    }
    return checker_create(machine_trace(machine), machine_state(machine), &checker);
}
