/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/report/report.h"

#include "sim/report/place.h"
#include "sim/report/story.h"
#include "sim/report/style.h"

#include <string.h>

static void heading(struct text *text, const struct report_options *options, const char *words)
{
    text_printf(text, "\n");
    paint(text, options->colour, PAINT_STRONG, "%s", words);
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

static void print_access(struct text *text, const struct finding_access *access)
{
    text_printf(text, "  %u byte%s at 0x%08x:", access->size, plural(access->size),
                access->address);
    print_value(text, access->before, access->size);
    text_printf(text, " ->");
    print_value(text, access->after, access->size);
    if (access->before == access->after)
        text_printf(text, "  (the same value)");
    text_printf(text, "\n");
}

/* The other instructions of the same copy, as far as they are on other source lines. */
static void print_other_places(struct text *text, const struct finding *finding,
                               const struct report_options *options)
{
    struct text first = {0};
    struct text last = {0};

    print_code(&first, options, finding->place[0].pc);
    for (uint32_t i = 1; i < finding->places; i++) {
        struct text place = {0};

        print_code(&place, options, finding->place[i].pc);
        if (strcmp(text_string(&place), text_string(&first)) != 0 &&
            strcmp(text_string(&place), text_string(&last)) != 0)
            text_printf(text, "  also by %s\n", text_string(&place));
        text_free(&last);
        last = place;
    }
    text_free(&first);
    text_free(&last);
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
    print_access(text, &finding->first);
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
    if (finding->accesses > 1)
        text_printf(text, ", %u stores", finding->accesses);
}

static void print_buffer(struct text *text, const struct finding *finding,
                         const struct report_options *options)
{
    struct byte_range window = finding->transfer.window;

    heading(text, options, "Buffer");
    text_printf(text, "    ");
    if (print_data(text, options, window.start))
        text_printf(text, ", ");
    text_printf(text, "%u byte%s at 0x%08x, ", window.size, plural(window.size), window.start);
    print_touched(text, finding);
    text_printf(text, "\n");
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

    paint(text, options->colour, PAINT_STRONG, "Transfer");
    text_printf(text, "  number %u, %s.%s, %s, %u byte%s, started by %s\n", transfer->number,
                channel->block, channel->name, direction_word(transfer, channel->block),
                transfer->window.size, plural(transfer->window.size), channel->task);
}

static void print_repeats(struct text *text, const struct finding *finding,
                          const struct report_options *options)
{
    uint32_t repeats = finding->occurrences - 1;

    if (!repeats)
        return;
    paint(text, options->colour, PAINT_STRONG, "Repeats");
    text_printf(text, "   in %u later transfer%s from the same start\n", repeats, plural(repeats));
}

static void print_advice(struct text *text, const struct rule *rule,
                         const struct report_options *options)
{
    heading(text, options, "Repair");
    text_printf(text, "    ");
    wrap(text, 10, 10, rule->repair);
    text_printf(text, "\n          More: fencepost rules %s\n", rule->name);
    if (options->replay) {
        paint(text, options->colour, PAINT_STRONG, "Replay");
        text_printf(text, "    %s\n", options->replay);
    }
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
    heading(text, options, "Time line");
    text_printf(text, ", since the start\n");
    print_timeline(text, finding, options);
    if (transfer_evidence_size(&finding->transfer)) {
        heading(text, options, "Bytes");
        text_printf(text, ", as they were and as they could have been\n");
        print_pictures(text, finding, options);
    }
    print_advice(text, rule, options);
}
