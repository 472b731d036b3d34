/* SPDX-License-Identifier: Apache-2.0 */
/* Walks back through the callers of a captured moment. */
#include "sim/report/place.h"
#include "sim/report/style.h"

#include <string.h>

/* HEX, UF2 and BIN say nothing of functions: a walk would guess, and only addresses would stand. */
static bool knows_frames(const struct report_options *options)
{
    return options->image && image_format(options->image) == IMAGE_ELF;
}

/* The CPU and its stacks as they were at `site`. */
static void set_moment(const struct report_options *options, const struct site *site,
                       struct kept_memory *kept, struct unwind_start *start)
{
    *kept = (struct kept_memory){.image = options->image};
    for (unsigned i = 0; i < 2; i++)
        kept->piece[i] =
            (struct image_segment){site->stack[i].base, site->stack[i].size, site->stack[i].bytes};
    *start = (struct unwind_start){
        .msp = site->msp, .psp = site->psp, .read = kept_memory_read, .owner = kept};
    memcpy(start->r, site->r, sizeof start->r);
    start->r[15] = site->pc;
}

unsigned frames_of(const struct report_options *options, const struct site *site,
                   struct frame *frames)
{
    struct kept_memory kept;
    struct unwind_start start;

    if (!knows_frames(options)) {
        frames[0] = (struct frame){.pc = site->pc};
        return 1;
    }
    set_moment(options, site, &kept, &start);
    return image_unwind(options->image, &start, frames, FRAMES);
}

bool local_variable_of(const struct report_options *options, const struct site *site,
                       guest_addr address, struct variable *variable)
{
    struct kept_memory kept;
    struct unwind_start start;

    if (!knows_frames(options))
        return false;
    set_moment(options, site, &kept, &start);
    return image_local_at(options->image, &start, address, variable);
}

static void print_frame(struct text *text, const struct report_options *options, guest_addr pc)
{
    struct source_place places[PLACES];
    unsigned count = places_of(options, pc, places);

    if (!count) {
        print_symbol(text, options, pc);
        text_printf(text, "\n");
    }
    for (unsigned i = 0; i < count; i++) {
        text_printf(text, "%*s", i ? 21 : 0, "");
        print_place(text, &places[i]);
        text_printf(text, "\n");
    }
}

void print_backtrace(struct text *text, const struct report_options *options,
                     const struct site *site)
{
    struct frame frames[FRAMES];
    unsigned count = frames_of(options, site, frames);

    if (!knows_frames(options))
        return;
    text_printf(text, "  backtrace\n");
    for (unsigned i = 0; i < count; i++) {
        if (frames[i].is_exception)
            text_printf(text, "         -- exception, which interrupted --\n");
        text_printf(text, "    #%-3u 0x%08x  ", i, frames[i].pc);
        print_frame(text, options, frames[i].pc);
    }
}

/* The first frame that has a telling place; `count` when none has. */
static unsigned find_teller(const struct report_options *options, const struct frame *frames,
                            unsigned count, struct source_place *place)
{
    unsigned teller = 0;

    while (teller < count && !telling_place(options, frames[teller].pc, place))
        teller++;
    return teller;
}

bool blamed_place(const struct report_options *options, const struct site *site,
                  struct source_place *place)
{
    struct frame frames[FRAMES];
    unsigned count = frames_of(options, site, frames);

    return find_teller(options, frames, count, place) < count ||
           (count && any_place(options, frames[0].pc, place));
}

void print_site(struct text *text, const struct report_options *options, const struct site *site)
{
    struct source_place place;
    struct frame frames[FRAMES];
    unsigned count = frames_of(options, site, frames);
    unsigned teller = find_teller(options, frames, count, &place);

    text_printf(text, "  ");
    if (teller == count) {
        print_code(text, options, site->pc);
        text_printf(text, "\n");
        print_instructions(text, options, site->pc);
        return;
    }
    if (teller > 0) {
        print_symbol(text, options, site->pc);
        text_printf(text, ", called by ");
    }
    print_place(text, &place);
    text_printf(text, "\n");
    print_excerpt(text, options, place.file, place.line, place.column);
}
