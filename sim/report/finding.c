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

static void print_title(struct text *text, const struct finding *finding,
                        const struct report_options *options)
{
    const struct rule *rule = rule_describe((enum rule_id)finding->rule);
    bool error = finding->severity == SEVERITY_ERROR;

    paint(text, options->colour, error ? PAINT_ERROR : PAINT_WARNING, "%s %s:", rule->name,
          severity_name((enum severity)finding->severity));
    text_printf(text, " ");
    paint(text, options->colour, PAINT_STRONG, "%s", rule->title);
    text_printf(text, "\n");
}

/* ---- What it is about -------------------------------------------------------------------------
 */

static const char *touched_how(const struct finding *finding)
{
    if (finding->rule == RULE_BUF005)
        return "never initialised";
    return finding_is_load(finding) ? "loaded" : "stored to";
}

static void print_touched(struct text *text, const struct finding *finding)
{
    uint32_t size = finding->transfer.window.size;
    uint32_t low = finding->touched_low;
    uint32_t high = finding->touched_high;

    const char *verb = touched_how(finding);

    if (low > high)
        return;
    if (low == 0 && high + 1 == size && size > 1)
        text_printf(text, ", %s from end to end", verb);
    else if (low == high)
        text_printf(text, ", %s at +%u", verb, low);
    else
        text_printf(text, ", %s from +%u to +%u", verb, low, high);
}

static void print_buffer(struct text *text, const struct finding *finding,
                         const struct report_options *options)
{
    struct byte_range window = finding->transfer.window;
    struct text words = {0};

    if (print_buffer_name(&words, options, &finding->transfer))
        text_printf(&words, ", ");
    text_printf(&words, "%u byte%s at 0x%08x", window.size, plural(window.size), window.start);
    print_touched(&words, finding);
    row(text, options, "Buffer", text_string(&words));
    text_free(&words);
}

/* What the buffer is a part of, where that matters. */
static void print_container(struct text *text, const struct finding *finding,
                            const struct report_options *options)
{
    struct text words = {0};
    const char *name = print_about(&words, finding, options);

    if (name)
        row(text, options, name, text_string(&words));
    text_free(&words);
}

/* In the words of the bus for USB, else as seen from RAM. */
static const char *direction_word(enum dma_direction direction, const char *block)
{
    bool reads = direction == DMA_READS_RAM;

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
                channel->block, channel->name,
                direction_word((enum dma_direction)transfer->direction, channel->block),
                transfer->window.size, plural(transfer->window.size), channel->task);
    row(text, options, "Transfer", text_string(&words));
    text_free(&words);
}

/* The second of two transfers into one window. */
static void print_rival(struct text *text, const struct finding *finding,
                        const struct report_options *options)
{
    const struct finding_rival *rival = &finding->rival;
    const struct dma_channel_name *channel = trace_channel(options->trace, rival->channel);
    struct text words = {0};

    text_printf(&words, "number %u, %s.%s, %s, %u byte%s at 0x%08x, started by %s", rival->number,
                channel->block, channel->name,
                direction_word((enum dma_direction)rival->direction, channel->block),
                rival->window.size, plural(rival->window.size), rival->window.start, channel->task);
    row(text, options, "Second", text_string(&words));
    text_free(&words);
}

static void print_register(struct text *text, const struct finding *finding,
                           const struct report_options *options)
{
    const struct finding_misuse *misuse = &finding->misuse;
    struct text words = {0};
    char name[64];

    trace_register_name(options->trace, misuse->address, name, sizeof name);
    text_printf(&words, "%s at 0x%08x, value 0x%x: %s", name, misuse->address, misuse->value,
                misuse_sentence((enum misuse)misuse->misuse));
    if (misuse->transfer && !finding->transfer.number)
        text_printf(&words, " (transfer number %u, which is over)", misuse->transfer);
    row(text, options, "Register", text_string(&words));
    text_free(&words);
}

static void print_repeats(struct text *text, const struct finding *finding,
                          const struct report_options *options)
{
    uint32_t repeats = finding->occurrences - 1;
    char words[64];

    if (finding->kind == FINDING_MISUSE)
        (void)snprintf(words, sizeof words, "%u more time%s", repeats, plural(repeats));
    else
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

/* What the bytes are about, as a headline; NULL when there are none to tell of. */
static const char *bytes_headline(const struct finding *finding,
                                  const struct report_options *options)
{
    const struct transfer *transfer = &finding->transfer;
    bool usb = !strcmp(trace_channel(options->trace, transfer->channel)->block, "USBD");

    if (finding->kind != FINDING_ACCESS || !transfer_evidence_size(transfer))
        return NULL;
    if (transfer->direction == DMA_READS_RAM)
        return usb ? "What the host received, and what it could have received"
                   : "What EasyDMA read, and what it could have read";
    return finding_is_load(finding) ? "What the CPU read, and what it could have read"
                                    : "What the buffer holds, and what it could hold";
}

static void print_bytes(struct text *text, const struct finding *finding,
                        const struct report_options *options)
{
    const char *headline = bytes_headline(finding, options);

    if (!headline)
        return;
    text_printf(text, "\n");
    paint(text, options->colour, PAINT_STRONG, "%s\n", headline);
    print_pictures(text, finding, options);
}

static void print_subject(struct text *text, const struct finding *finding,
                          const struct report_options *options)
{
    text_printf(text, "\n");
    if (finding->kind == FINDING_MISUSE)
        print_register(text, finding, options);
    if (finding->transfer.number) {
        print_buffer(text, finding, options);
        print_container(text, finding, options);
        print_transfer(text, finding, options);
    }
    if (finding->kind == FINDING_OVERLAP)
        print_rival(text, finding, options);
    print_repeats(text, finding, options);
}

static void print_story(struct text *text, const struct finding *finding,
                        const struct report_options *options)
{
    if (finding->kind == FINDING_RELEASE || finding->kind == FINDING_ACQUIRE)
        print_order(text, finding, options);
    if (!finding->transfer.number)
        return;
    text_printf(text, "\n");
    paint(text, options->colour, PAINT_STRONG, "Time line, since the start\n");
    print_timeline(text, finding, options);
    print_bytes(text, finding, options);
}

void report_finding(struct text *text, const struct finding *finding,
                    const struct report_options *options)
{
    print_title(text, finding, options);
    print_sides(text, finding, options);
    print_subject(text, finding, options);
    print_story(text, finding, options);
    print_witness(text, finding, options);
    print_advice(text, rule_describe((enum rule_id)finding->rule), options);
}
