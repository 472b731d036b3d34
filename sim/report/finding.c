/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/report/report.h"

#include "sim/report/place.h"
#include "sim/report/story.h"
#include "sim/report/style.h"

#include <stdio.h>
#include <string.h>

/* A word in the margin, and its text beside it. */
static void row(struct text *text, const struct report_options *options, const char *name,
                const char *words)
{
    paint(text, options->colour, PAINT_STRONG, "%-8s", name);
    text_printf(text, "  ");
    wrap(text, 10, 10, words);
    text_printf(text, "\n");
}

static void print_title(struct text *text, const struct rule *rule,
                        const struct report_options *options)
{
    bool error = rule->severity == SEVERITY_ERROR;

    paint(text, options->colour, error ? PAINT_ERROR : PAINT_WARNING, "%s %s:", rule->name,
          severity_name(rule->severity));
    text_printf(text, " ");
    paint(text, options->colour, PAINT_STRONG, "%s", rule->title);
    text_printf(text, "\n");
}

/* ---- Both sides -------------------------------------------------------------------------------
 */

static void print_actor(struct text *text, const struct finding *finding)
{
    switch ((enum access_actor)finding->first.actor) {
    case ACTOR_INSTRUCTION:
        text_printf(text, "The CPU stored here");
        break;
    case ACTOR_STACKING:
        text_printf(text, "Exception entry pushed registers into the buffer here");
        break;
    case ACTOR_SEMIHOST:
        text_printf(text, "Semihosting wrote into the buffer here");
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

    text_printf(text, "  %s%u byte%s at 0x%08x:", finding->accesses > 1 ? "first: " : "",
                access->size, plural(access->size), access->address);
    print_value(text, access->before, access->size);
    text_printf(text, " ->");
    print_value(text, access->after, access->size);
    if (access->before == access->after)
        text_printf(text, "  (the same value)");
    if (finding->accesses > 1)
        text_printf(text, ", then %u more store%s", finding->accesses - 1,
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

static void print_guilty(struct text *text, const struct finding *finding,
                         const struct report_options *options)
{
    text_printf(text, "\n");
    print_actor(text, finding);
    text_printf(text, ", at ");
    print_milliseconds(text, finding->first.when, 6, 0);
    text_printf(text, " ms\n");
    print_site(text, options, &finding->site);
    print_access(text, finding);
    print_other_places(text, finding, options);
    print_backtrace(text, options, &finding->site);
}

static const char *how_started(enum dma_trigger trigger)
{
    switch (trigger) {
    case DMA_BY_CPU:
        break;
    case DMA_BY_SHORTCUT:
        return "A shortcut had started the transfer; the CPU was here";
    case DMA_BY_PPI:
        return "The PPI had started the transfer; the CPU was here";
    }
    return "The transfer had been started here";
}

static void print_start(struct text *text, const struct finding *finding,
                        const struct report_options *options)
{
    const struct transfer *transfer = &finding->transfer;

    text_printf(text, "\n%s, at ", how_started((enum dma_trigger)transfer->trigger));
    print_milliseconds(text, transfer->opened, 6, 0);
    text_printf(text, " ms\n");
    print_site(text, options, &transfer->start);
    print_backtrace(text, options, &transfer->start);
}

/* ---- What it is about -------------------------------------------------------------------------
 */

static void print_touched(struct text *text, const struct finding *finding)
{
    uint32_t size = finding->transfer.window.size;
    uint32_t low = finding->touched_low;
    uint32_t high = finding->touched_high;

    if (low == 0 && high + 1 == size && size > 1)
        text_printf(text, "stored to from end to end");
    else if (low == high)
        text_printf(text, "stored to at +%u", low);
    else
        text_printf(text, "stored to from +%u to +%u", low, high);
}

static void print_buffer(struct text *text, const struct finding *finding,
                         const struct report_options *options)
{
    struct byte_range window = finding->transfer.window;
    struct text words = {0};

    if (print_data(&words, options, window.start))
        text_printf(&words, ", ");
    text_printf(&words, "%u byte%s at 0x%08x, ", window.size, plural(window.size), window.start);
    print_touched(&words, finding);
    text_printf(text, "\n");
    row(text, options, "Buffer", text_string(&words));
    text_free(&words);
}

/* In the words of the bus for USB, else as seen from RAM. */
static const char *direction_word(const struct transfer *transfer, const char *block)
{
    bool reads = transfer->direction == DMA_READS_RAM;

    if (!strcmp(block, "USBD"))
        return reads ? "IN" : "OUT";
    return reads ? "from RAM" : "to RAM";
}

static void print_transfer(struct text *text, const struct finding *finding,
                           const struct report_options *options)
{
    const struct transfer *transfer = &finding->transfer;
    const struct dma_channel_name *channel = trace_channel(options->trace, transfer->channel);
    struct text words = {0};

    text_printf(&words, "number %u, %s.%s, %s, %u byte%s, started by %s", transfer->number,
                channel->block, channel->name, direction_word(transfer, channel->block),
                transfer->window.size, plural(transfer->window.size), channel->task);
    row(text, options, "Transfer", text_string(&words));
    text_free(&words);
}

static void print_repeats(struct text *text, const struct finding *finding,
                          const struct report_options *options)
{
    uint32_t repeats = finding->occurrences - 1;
    char words[64];

    (void)snprintf(words, sizeof words, "in %u later transfer%s from the same start", repeats,
                   plural(repeats));
    if (repeats)
        row(text, options, "Repeats", words);
}

static void print_advice(struct text *text, const struct rule *rule,
                         const struct report_options *options)
{
    text_printf(text, "\n");
    row(text, options, "Repair", rule->repair);
    text_printf(text, "          More: fencepost rules %s\n", rule->name);
    if (options->replay)
        row(text, options, "Replay", options->replay);
}

static void print_bytes(struct text *text, const struct finding *finding,
                        const struct report_options *options)
{
    bool usb = !strcmp(trace_channel(options->trace, finding->transfer.channel)->block, "USBD");

    if (finding->transfer.direction != DMA_READS_RAM || !transfer_evidence_size(&finding->transfer))
        return;
    text_printf(text, "\n");
    paint(text, options->colour, PAINT_STRONG, "%s\n",
          usb ? "What the host received, and what it could have received"
              : "What EasyDMA read, and what it could have read");
    print_pictures(text, finding, options);
}

void report_finding(struct text *text, const struct finding *finding,
                    const struct report_options *options)
{
    const struct rule *rule = rule_describe((enum rule_id)finding->rule);

    print_title(text, rule, options);
    print_guilty(text, finding, options);
    print_start(text, finding, options);
    print_buffer(text, finding, options);
    print_transfer(text, finding, options);
    print_repeats(text, finding, options);
    text_printf(text, "\n");
    paint(text, options->colour, PAINT_STRONG, "Time line, since the start\n");
    print_timeline(text, finding, options);
    print_bytes(text, finding, options);
    print_advice(text, rule, options);
}
