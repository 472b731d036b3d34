/* SPDX-License-Identifier: Apache-2.0 */
/* What a buffer is a part of: a variable, a function's stack frame, a heap block. */
#include "sim/report/story.h"

#include "sim/report/place.h"
#include "sim/report/style.h"

static guest_addr end_of(struct byte_range range)
{
    return range.start + range.size;
}

/* The variable the buffer begins in, or the array within it that it leaves. */
static bool find_object(const struct finding *finding, const struct report_options *options,
                        struct variable *object)
{
    const struct transfer *transfer = &finding->transfer;
    struct variable member;

    if (!options->image || !transfer_variable(options, transfer, object))
        return false;
    if (image_member_cut(options->image, object, transfer->window, &member))
        *object = member;
    return true;
}

/* What is hit behind the object, when it has a name of its own. */
static void print_victim(struct text *text, const struct finding *finding,
                         const struct report_options *options)
{
    struct symbol own;
    struct symbol hit;

    if (!options->image || !image_symbol_at(options->image, end_of(finding->about), &hit))
        return;
    if (image_symbol_at(options->image, finding->about.start, &own) && own.address == hit.address)
        return;
    text_printf(text, ", into %s", hit.name);
}

static void print_object(struct text *text, const struct finding *finding,
                         const struct report_options *options)
{
    uint32_t past = end_of(finding->transfer.window) - end_of(finding->about);
    struct variable object;
    struct symbol symbol;

    if (find_object(finding, options, &object))
        text_printf(text, "%s, ", object.name);
    else if (options->image && image_symbol_at(options->image, finding->about.start, &symbol))
        text_printf(text, "%s, ", symbol.name);
    text_printf(text, "%u byte%s at 0x%08x; EasyDMA goes %u byte%s past its end",
                finding->about.size, plural(finding->about.size), finding->about.start, past,
                plural(past));
    print_victim(text, finding, options);
}

/* The frame at the time of the start that holds the buffer; false when its function is not known.
 * What is inlined has no frame of its own. */
static bool find_frame(const struct finding *finding, const struct report_options *options,
                       struct symbol *function)
{
    guest_addr buffer = finding->transfer.window.start;
    struct frame frames[FRAMES];
    unsigned count = frames_of(options, &finding->transfer.start, frames);

    for (unsigned i = 0; i + 1 < count; i++) {
        if (frames[i].stack <= buffer && buffer < frames[i + 1].stack)
            return image_symbol_at(options->image, frames[i].pc, function);
    }
    return false;
}

static void print_frame(struct text *text, const struct finding *finding,
                        const struct report_options *options)
{
    struct symbol function;

    if (options->image && find_frame(finding, options, &function))
        text_printf(text, "of %s; ", function.name);
    text_printf(text, "what is below 0x%08x was popped", end_of(finding->about));
}

static void print_block(struct text *text, const struct finding *finding)
{
    struct byte_range block = finding->about;

    if (block.size)
        text_printf(text, "%u byte%s at 0x%08x, the buffer at +%u", block.size, plural(block.size),
                    block.start, finding->transfer.window.start - block.start);
    else
        text_printf(text, "at 0x%08x, of unknown size", block.start);
}

const char *print_about(struct text *text, const struct finding *finding,
                        const struct report_options *options)
{
    switch (finding->rule) {
    case RULE_BUF002:
        print_object(text, finding, options);
        return "Object";
    case RULE_BUF003:
        print_frame(text, finding, options);
        return "Frame";
    case RULE_BUF004:
        print_block(text, finding);
        return "Block";
    default:
        return NULL;
    }
}
