/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/report/brief.h"

#include "sim/base/hash.h"

#include <inttypes.h>
#include <string.h>

bool finding_has_transfer(const struct finding *finding)
{
    return finding->transfer.number != 0;
}

bool finding_has_bytes(const struct finding *finding)
{
    return finding_has_transfer(finding) && finding->transfer.in_ram &&
           transfer_evidence_size(&finding->transfer) > 0;
}

enum severity finding_severity(const struct finding *finding)
{
    return (enum severity)finding->severity;
}

unsigned finding_sides(const struct finding *finding, struct side sides[SIDES])
{
    const struct transfer *transfer = &finding->transfer;
    unsigned count = 0;

    if (finding->site.pc || !finding_has_transfer(finding))
        sides[count++] =
            (struct side){"CPU", "the rule was broken", finding->site.when, &finding->site};
    if (finding_has_transfer(finding))
        sides[count++] = (struct side){"EasyDMA", "the transfer was started", transfer->opened,
                                       &transfer->start};
    return count;
}

/* "memcpy, called by answer at usb-3.c:10": as print_site, on one line and without the address. */
static void print_where(struct text *text, const struct report_options *options,
                        const struct site *site)
{
    struct source_place own;
    struct source_place blamed;
    struct symbol symbol;

    if (!blamed_place(options, site, &blamed)) {
        print_symbol(text, options, site->pc);
        return;
    }
    if (!any_place(options, site->pc, &own) || strcmp(own.function, blamed.function) != 0) {
        if (options->image && image_symbol_at(options->image, site->pc, &symbol))
            text_printf(text, "%s, called by ", symbol.name);
    }
    print_place(text, &blamed);
}

void print_brief(struct text *text, const struct finding *finding,
                 const struct report_options *options)
{
    const struct transfer *transfer = &finding->transfer;
    struct side sides[SIDES];
    unsigned count = finding_sides(finding, sides);

    text_printf(text, "%s: ", rule_describe((enum rule_id)finding->rule)->title);
    print_where(text, options, sides[0].site);
    if (count > 1) {
        text_printf(text, "; the transfer was started by ");
        print_where(text, options, sides[1].site);
    }
    if (finding_has_transfer(finding)) {
        const struct dma_channel_name *channel = trace_channel(options->trace, transfer->channel);

        text_printf(text, "; channel %s.%s", channel->block, channel->name);
        if (options->image && transfer->window.size) {
            text_printf(text, ", buffer ");
            if (!print_data(text, options, transfer->window.start))
                text_printf(text, "0x%08x", transfer->window.start);
        }
    }
    text_printf(text, ".");
}

/* ---- Fingerprints -----------------------------------------------------------------------------
 */

static uint64_t hash_string(uint64_t hash, const char *string)
{
    return hash_bytes(hash, string, strlen(string) + 1);
}

static uint64_t hash_side(uint64_t hash, const struct side *side,
                          const struct report_options *options)
{
    struct source_place place;
    struct symbol symbol;

    if (blamed_place(options, side->site, &place))
        return hash_string(hash_string(hash, place.function), shown_path(place.file));
    if (options->image && image_symbol_at(options->image, side->site->pc, &symbol))
        return hash_string(hash, symbol.name);
    return hash_bytes(hash, &side->site->pc, sizeof side->site->pc);
}

static uint64_t fingerprint(const struct finding *finding, const struct report_options *options)
{
    uint64_t hash = hash_string(HASH_SEED, rule_describe((enum rule_id)finding->rule)->name);
    const struct transfer *transfer = &finding->transfer;
    struct side sides[SIDES];
    unsigned count = finding_sides(finding, sides);
    struct symbol symbol;

    for (unsigned i = 0; i < count; i++)
        hash = hash_side(hash, &sides[i], options);
    if (!finding_has_transfer(finding))
        return hash;
    hash = hash_string(hash, trace_channel(options->trace, transfer->channel)->name);
    if (options->image && image_symbol_at(options->image, transfer->window.start, &symbol))
        hash = hash_string(hash, symbol.name);
    return hash;
}

void print_fingerprint(struct text *text, const struct report_run *run, unsigned index,
                       const struct report_options *options)
{
    uint64_t hash = fingerprint(checker_finding(run->checker, index), options);
    unsigned number = 1;

    for (unsigned i = 0; i < index; i++)
        number += fingerprint(checker_finding(run->checker, i), options) == hash;
    text_printf(text, "%016" PRIx64 ":%u", hash, number);
}
