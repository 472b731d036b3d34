/* SPDX-License-Identifier: Apache-2.0 */
/* The part of a finding in the JSON report that is about its transfer. */
#include "sim/report/brief.h"
#include "sim/report/json_finding.h"
#include "sim/report/place.h"

void json_address(struct json *json, const char *key, guest_addr address)
{
    json_format(json, key, "0x%08x", address);
}

/* The object that contains `range.start`; a local variable of what was running at `site`, too. */
static void write_range(struct emission *emission, const char *key, const struct site *site,
                        struct byte_range range)
{
    const struct report_options *options = emission->options;
    struct json *json = &emission->json;
    struct symbol symbol = {.section = ""};
    struct variable local;
    bool is_local = local_variable_of(options, site, range.start, &local);
    bool named =
        !is_local && options->image && image_symbol_at(options->image, range.start, &symbol);
    guest_addr object = is_local ? local.range.start : named ? symbol.address : range.start;

    json_object(json, key);
    json_address(json, "address", range.start);
    json_number(json, "size", range.size);
    json_string(json, "symbol", is_local ? local.name : named ? symbol.name : NULL);
    json_string(json, "function", is_local && *local.function ? local.function : NULL);
    json_number(json, "offset", range.start - object);
    json_string(json, "section", *symbol.section ? symbol.section : NULL);
    json_end(json);
}

/* The window of the transfer, and what it was given from: an object, a heap block, a frame. */
static void write_ranges(struct emission *emission, const struct finding *finding)
{
    const struct transfer *transfer = &finding->transfer;

    if (finding_has_transfer(finding))
        write_range(emission, "buffer", &transfer->start, transfer->window);
    else
        json_null(&emission->json, "buffer");
    if (finding->about.size)
        write_range(emission, "about", &transfer->start, finding->about);
    else
        json_null(&emission->json, "about");
}

static const char *direction_word(enum dma_direction direction)
{
    return direction == DMA_READS_RAM ? "reads-ram" : "writes-ram";
}

static const char *fate_word(enum transfer_fate fate)
{
    switch (fate) {
    case TRANSFER_OPEN:
        break;
    case TRANSFER_OBSERVED:
        return "observed";
    case TRANSFER_DROPPED:
        return "dropped";
    case TRANSFER_REPLACED:
        return "replaced";
    case TRANSFER_RESET:
        return "reset";
    }
    return "open";
}

static void write_times(struct json *json, const struct transfer *transfer)
{
    json_object(json, "times");
    json_time(json, "started", transfer->opened);
    json_time(json, "captured", transfer->captured);
    json_time(json, "firstWord", transfer->first_word);
    json_time(json, "lastWord", transfer->last_word);
    json_time(json, "ended", transfer->ended);
    json_time(json, "released", transfer->released);
    json_end(json);
}

static void write_transfer(struct emission *emission, const struct finding *finding)
{
    static const char *const triggers[] = {
        [DMA_BY_CPU] = "cpu", [DMA_BY_SHORTCUT] = "shortcut", [DMA_BY_PPI] = "ppi"};
    const struct transfer *transfer = &finding->transfer;
    const struct dma_channel_name *channel;
    struct json *json = &emission->json;

    if (!finding_has_transfer(finding)) {
        json_null(json, "transfer");
        return;
    }
    channel = trace_channel(emission->options->trace, transfer->channel);
    json_object(json, "transfer");
    json_number(json, "number", transfer->number);
    json_string(json, "block", channel->block);
    json_string(json, "channel", channel->name);
    json_string(json, "task", channel->task);
    json_string(json, "direction", direction_word((enum dma_direction)transfer->direction));
    json_string(json, "startedBy", triggers[transfer->trigger]);
    json_number(json, "moved", transfer->moved);
    json_number(json, "movedBefore", finding->moved_before);
    json_string(json, "fate", fate_word((enum transfer_fate)transfer->fate));
    write_times(json, transfer);
    json_end(json);
}

/* The second of two transfers into one buffer. */
static void write_rival(struct emission *emission, const struct finding *finding)
{
    const struct finding_rival *rival = &finding->rival;
    const struct dma_channel_name *channel;
    struct json *json = &emission->json;

    if (finding->kind != FINDING_OVERLAP) {
        json_null(json, "rival");
        return;
    }
    channel = trace_channel(emission->options->trace, rival->channel);
    json_object(json, "rival");
    json_number(json, "number", rival->number);
    json_string(json, "block", channel->block);
    json_string(json, "channel", channel->name);
    json_string(json, "task", channel->task);
    json_string(json, "direction", direction_word((enum dma_direction)rival->direction));
    json_time(json, "started", rival->opened);
    write_range(emission, "buffer", &finding->site, rival->window);
    json_end(json);
}

/* One byte for each of the window: ff where the question is answered yes, else 00. */
static void write_mask(struct json *json, const char *key, const struct finding *finding,
                       bool (*question)(const struct finding *finding, uint32_t offset))
{
    uint8_t mask[EVIDENCE_BYTES];
    uint32_t size = transfer_evidence_size(&finding->transfer);

    for (uint32_t i = 0; i < size; i++)
        mask[i] = question(finding, i) ? 0xff : 0;
    json_hex(json, key, mask, size);
}

static bool was_moved(const struct finding *finding, uint32_t offset)
{
    return transfer_moved_byte(&finding->transfer, offset);
}

static bool was_touched(const struct finding *finding, uint32_t offset)
{
    return finding_touched(finding, offset);
}

static void write_bytes(struct json *json, const struct finding *finding)
{
    const struct transfer_evidence *evidence = &finding->transfer.evidence;
    uint32_t size = transfer_evidence_size(&finding->transfer);

    if (!finding_has_bytes(finding)) {
        json_null(json, "bytes");
        return;
    }
    json_object(json, "bytes");
    json_number(json, "recorded", size);
    json_hex(json, "atStart", evidence->at_start, size);
    json_hex(json, "moved", evidence->moved, size);
    write_mask(json, "movedMask", finding, was_moved);
    json_hex(json, "final", evidence->now, size);
    write_mask(json, "touchedMask", finding, was_touched);
    json_end(json);
}

void json_transfer(struct emission *emission, const struct finding *finding)
{
    write_ranges(emission, finding);
    write_transfer(emission, finding);
    write_rival(emission, finding);
    write_bytes(&emission->json, finding);
}
