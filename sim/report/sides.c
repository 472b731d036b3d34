/* SPDX-License-Identifier: Apache-2.0 */
/* The two sides of a finding: who did what, where, and how it got there. */
#include "sim/report/story.h"

#include "sim/report/place.h"
#include "sim/report/style.h"

#include <string.h>

/* "..., at 102.414000 ms", the place with its source, and below it its callers. */
static void print_when(struct text *text, sim_time when)
{
    text_printf(text, ", at ");
    print_milliseconds(text, when, 6, 0);
    text_printf(text, " ms\n");
}

/* ---- The guilty one -------------------------------------------------------------------------- */

static void print_actor(struct text *text, const struct finding *finding)
{
    bool load = finding_is_load(finding);

    switch ((enum access_actor)finding->first.actor) {
    case ACTOR_INSTRUCTION:
        text_printf(text, "The CPU %s here", load ? "loaded" : "stored");
        break;
    case ACTOR_STACKING:
        text_printf(text, load ? "Exception return popped registers from the buffer here"
                               : "Exception entry pushed registers into the buffer here");
        break;
    case ACTOR_SEMIHOST:
        text_printf(text, "Semihosting %s the buffer here", load ? "read from" : "wrote into");
        break;
    }
    text_printf(text, ", in ");
    print_exception(text, finding->first.exception);
}

static void print_value(struct text *text, uint64_t value, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++)
        text_printf(text, " %02x", (unsigned)(value >> 8 * i & 0xff));
}

static void print_access(struct text *text, const struct finding *finding)
{
    const struct finding_access *access = &finding->first;
    bool load = finding_is_load(finding);

    text_printf(text, "  %s%u byte%s at 0x%08x:", finding->accesses > 1 ? "first: " : "",
                access->size, plural(access->size), access->address);
    print_value(text, access->before, access->size);
    if (!load) {
        text_printf(text, " ->");
        print_value(text, access->after, access->size);
        if (access->before == access->after)
            text_printf(text, "  (the same value)");
    }
    if (finding->accesses > 1)
        text_printf(text, ", then %u more %s%s", finding->accesses - 1, load ? "load" : "store",
                    plural(finding->accesses - 1));
    text_printf(text, "\n");
}

/* By line, or by function: the steps of an unrolled copy are one place to a reader. */
static void print_place_name(struct text *text, const struct report_options *options, guest_addr pc)
{
    struct source_place place;
    struct symbol symbol;

    if (telling_place(options, pc, &place))
        print_place(text, &place);
    else if (options->image && image_symbol_at(options->image, pc, &symbol))
        text_printf(text, "%s", symbol.name);
    else
        text_printf(text, "0x%08x", pc);
}

/* The other places that take part in the same copy. */
static void print_other_places(struct text *text, const struct finding *finding,
                               const struct report_options *options)
{
    struct text all = {0};
    struct text known = {0}; /* each place followed by a line end */

    for (uint32_t i = 0; i < finding->places; i++) {
        struct text name = {0};

        print_place_name(&name, options, finding->place[i].pc);
        text_printf(&name, "\n");
        if (!strstr(text_string(&known), text_string(&name))) {
            text_printf(&known, "%s", text_string(&name));
            if (i > 0)
                text_printf(&all, "%s%.*s", all.length ? ", " : "", (int)name.length - 1,
                            name.bytes);
        }
        text_free(&name);
    }
    if (all.length) {
        text_printf(text, "  also by ");
        wrap(text, 10, 10, text_string(&all));
        text_printf(text, "\n");
    }
    text_free(&all);
    text_free(&known);
}

static void print_event(struct text *text, const struct finding *finding)
{
    if (finding->rule == RULE_BUF003)
        text_printf(text, "The stack pointer passed the buffer here, in ");
    else if (finding->rule == RULE_BUF004)
        text_printf(text, "The heap block was given back here, in ");
    else
        text_printf(text, "The CPU was here, in ");
    print_exception(text, finding->first.exception);
}

static const char *who_misused(const struct finding_misuse *misuse)
{
    if (misuse->misuse == MISUSE_PACKET_LEFT || misuse->misuse == MISUSE_CONTROL_LEFT)
        return "The CPU took note here, and did nothing behind it, in ";
    switch ((enum dma_trigger)misuse->trigger) {
    case DMA_BY_CPU:
        break;
    case DMA_BY_SHORTCUT:
        return "A shortcut did it; the CPU was here, in ";
    case DMA_BY_PPI:
        return "The PPI did it; the CPU was here, in ";
    }
    return "The CPU did it here, in ";
}

/* What happened at `site`, as the beginning of a sentence. */
static void print_deed(struct text *text, const struct finding *finding)
{
    switch ((enum finding_kind)finding->kind) {
    case FINDING_ACCESS:
        print_actor(text, finding);
        break;
    case FINDING_ACQUIRE:
        text_printf(text, "The CPU %s the buffer for the first time here, in ",
                    finding_is_load(finding) ? "loaded from" : "stored into");
        print_exception(text, finding->first.exception);
        break;
    case FINDING_OVERLAP:
        text_printf(text, "The second transfer was started here");
        break;
    case FINDING_MISUSE:
        text_printf(text, "%s", who_misused(&finding->misuse));
        print_exception(text, finding->first.exception);
        break;
    case FINDING_RELEASE:
        text_printf(text, "The last store into the buffer was here");
        break;
    case FINDING_EVENT:
        print_event(text, finding);
        break;
    }
}

static void print_guilty(struct text *text, const struct finding *finding,
                         const struct report_options *options)
{
    bool release = finding->kind == FINDING_RELEASE;
    bool known = !release || finding->site_known; /* else: where it was, and no more */

    text_printf(text, "\n");
    print_deed(text, finding);
    if (known)
        print_when(text, finding->site.when);
    else
        text_printf(text, "\n");
    print_site(text, options, &finding->site);
    if (finding->kind == FINDING_ACCESS || finding->kind == FINDING_ACQUIRE)
        print_access(text, finding);
    if (release)
        text_printf(text, "  %u byte%s at 0x%08x\n", finding->first.size,
                    plural(finding->first.size), finding->first.address);
    print_other_places(text, finding, options);
    if (known)
        print_backtrace(text, options, &finding->site);
}

/* ---- The other ones -------------------------------------------------------------------------- */

static void print_observer(struct text *text, const struct finding *finding,
                           const struct report_options *options)
{
    const struct transfer *transfer = &finding->transfer;
    const struct site observer = {.when = transfer->released, .pc = transfer->observed_pc};

    text_printf(text, "\nThe end had been observed here");
    print_when(text, transfer->released);
    print_site(text, options, &observer);
}

static const char *how_started(const struct finding *finding)
{
    switch ((enum dma_trigger)finding->transfer.trigger) {
    case DMA_BY_CPU:
        break;
    case DMA_BY_SHORTCUT:
        return "A shortcut had started the transfer; the CPU was here";
    case DMA_BY_PPI:
        return "The PPI had started the transfer; the CPU was here";
    }
    return finding->kind == FINDING_OVERLAP ? "The first transfer had been started here"
                                            : "The transfer had been started here";
}

static void print_start(struct text *text, const struct finding *finding,
                        const struct report_options *options)
{
    const struct transfer *transfer = &finding->transfer;

    text_printf(text, "\n%s", how_started(finding));
    print_when(text, transfer->opened);
    print_site(text, options, &transfer->start);
    print_backtrace(text, options, &transfer->start);
}

/* What is wrong already when the transfer starts has no other side. */
static bool start_is_guilty(const struct finding *finding)
{
    return (finding->kind == FINDING_EVENT || finding->kind == FINDING_MISUSE) &&
           finding->transfer.number && finding->site.pc == finding->transfer.start.pc &&
           finding->site.when == finding->transfer.start.when;
}

void print_sides(struct text *text, const struct finding *finding,
                 const struct report_options *options)
{
    if (!start_is_guilty(finding))
        print_guilty(text, finding, options);
    if (finding->kind == FINDING_ACQUIRE)
        print_observer(text, finding, options);
    if (finding->transfer.number)
        print_start(text, finding, options);
}
