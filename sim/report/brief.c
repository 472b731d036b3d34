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

static const char *what_event(const struct finding *finding)
{
    if (finding->rule == RULE_BUF003)
        return "the stack pointer passed the buffer";
    if (finding->rule == RULE_BUF004)
        return "the heap block was given back";
    return "the rule was broken";
}

static const char *what_happened(const struct finding *finding)
{
    switch ((enum finding_kind)finding->kind) {
    case FINDING_ACCESS:
        break;
    case FINDING_EVENT:
        return what_event(finding);
    case FINDING_OVERLAP:
        return "the second transfer was started";
    case FINDING_RELEASE:
        return "the last store into the buffer";
    case FINDING_ACQUIRE:
        return "the first access to the buffer";
    case FINDING_MISUSE:
        return misuse_sentence((enum misuse)finding->misuse.misuse);
    }
    return "the access to the buffer";
}

/* What is wrong already when the transfer starts has no other side. */
static bool start_is_guilty(const struct finding *finding)
{
    return (finding->kind == FINDING_EVENT || finding->kind == FINDING_MISUSE) &&
           finding_has_transfer(finding) && finding->site.pc == finding->transfer.start.pc &&
           finding->site.when == finding->transfer.start.when;
}

static void add_side(struct sides *sides, struct side side)
{
    sides->side[sides->count++] = side;
}

void finding_sides(const struct finding *finding, struct sides *sides)
{
    const struct transfer *transfer = &finding->transfer;
    bool overlap = finding->kind == FINDING_OVERLAP;

    sides->count = 0;
    sides->observer = (struct site){.when = transfer->released, .pc = transfer->observed_pc};
    if (!start_is_guilty(finding))
        add_side(sides,
                 (struct side){"CPU", what_happened(finding), finding->first.when, &finding->site});
    if (finding->kind == FINDING_ACQUIRE && transfer->observed_pc)
        add_side(sides, (struct side){"CPU", "the end of the transfer was observed",
                                      transfer->released, &sides->observer});
    if (finding_has_transfer(finding))
        add_side(sides, (struct side){"EasyDMA",
                                      overlap ? "the first transfer was started"
                                              : "the transfer was started",
                                      transfer->opened, &transfer->start});
}

static void print_register(struct text *text, const struct finding *finding,
                           const struct report_options *options)
{
    char name[64];

    if (finding->kind != FINDING_MISUSE)
        return;
    trace_register_name(options->trace, finding->misuse.address, name, sizeof name);
    text_printf(text, "; %s: %s", name, misuse_sentence((enum misuse)finding->misuse.misuse));
}

void print_brief(struct text *text, const struct finding *finding,
                 const struct report_options *options)
{
    const struct transfer *transfer = &finding->transfer;
    struct sides sides;

    finding_sides(finding, &sides);
    text_printf(text, "%s: ", rule_describe((enum rule_id)finding->rule)->title);
    print_site_briefly(text, options, sides.side[0].site);
    for (unsigned i = 1; i < sides.count; i++) {
        text_printf(text, "; %s by ", sides.side[i].what);
        print_site_briefly(text, options, sides.side[i].site);
    }
    print_register(text, finding, options);
    if (finding_has_transfer(finding)) {
        const struct dma_channel_name *channel = trace_channel(options->trace, transfer->channel);

        text_printf(text, "; channel %s.%s", channel->block, channel->name);
        if (options->image && transfer->window.size) {
            text_printf(text, ", buffer ");
            if (!print_buffer_name(text, options, transfer))
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
    struct symbol symbol;
    struct sides sides;

    finding_sides(finding, &sides);
    for (unsigned i = 0; i < sides.count; i++)
        hash = hash_side(hash, &sides.side[i], options);
    if (finding->kind == FINDING_MISUSE)
        hash = hash_bytes(hash, &finding->misuse.address, sizeof finding->misuse.address);
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
    uint64_t hash = fingerprint(run_finding(run, index), options);
    unsigned number = 1;

    for (unsigned i = 0; i < index; i++)
        number += fingerprint(run_finding(run, i), options) == hash;
    text_printf(text, "%016" PRIx64 ":%u", hash, number);
}
