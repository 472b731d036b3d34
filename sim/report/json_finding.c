/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/report/json_finding.h"

#include "sim/report/brief.h"
#include "sim/report/style.h"
#include "sim/report/suppressions.h"

void json_time(struct json *json, const char *key, sim_time when)
{
    if (when == SIM_TIME_NEVER) {
        json_null(json, key);
        return;
    }
    json_object(json, key);
    json_number(json, "cycles", when);
    json_number(json, "nanoseconds",
                when / CYCLES_PER_US * 1000 + when % CYCLES_PER_US * 1000 / CYCLES_PER_US);
    json_end(json);
}

static void write_address(struct json *json, const char *key, guest_addr address)
{
    json_format(json, key, "0x%08x", address);
}

static void write_exception(struct json *json, unsigned number)
{
    struct text name = {0};

    print_exception(&name, number);
    json_object(json, "exception");
    json_number(json, "number", number);
    json_string(json, "name", text_string(&name));
    json_end(json);
    text_free(&name);
}

/* ---- Places -----------------------------------------------------------------------------------
 */

static void write_place(struct json *json, const char *key, const struct source_place *place)
{
    json_object(json, key);
    json_string(json, "function", *place->function ? place->function : NULL);
    json_string(json, "file", *place->file ? shown_path(place->file) : NULL);
    json_number(json, "line", place->line);
    json_number(json, "column", place->column);
    json_bool(json, "inlined", place->inlined);
    json_end(json);
}

static void write_symbol(struct emission *emission, guest_addr pc)
{
    struct text name = {0};
    struct symbol symbol;

    if (emission->options->image && image_symbol_at(emission->options->image, pc, &symbol))
        print_symbol(&name, emission->options, pc);
    json_string(&emission->json, "symbol", name.length ? text_string(&name) : NULL);
    text_free(&name);
}

static void write_frame(struct emission *emission, const struct frame *frame)
{
    struct json *json = &emission->json;
    struct source_place places[PLACES];
    unsigned count = places_of(emission->options, frame->pc, places);

    json_object(json, NULL);
    write_address(json, "pc", frame->pc);
    json_bool(json, "interrupted", frame->is_exception);
    write_symbol(emission, frame->pc);
    json_array(json, "places");
    for (unsigned i = 0; i < count; i++)
        write_place(json, NULL, &places[i]);
    json_end(json);
    json_end(json);
}

static void write_backtrace(struct emission *emission, const struct site *site)
{
    struct frame frames[FRAMES];
    unsigned count = frames_of(emission->options, site, frames);

    json_array(&emission->json, "backtrace");
    for (unsigned i = 0; i < count; i++)
        write_frame(emission, &frames[i]);
    json_end(&emission->json);
}

static void write_side(struct emission *emission, const struct side *side)
{
    struct json *json = &emission->json;
    struct source_place place;

    json_object(json, NULL);
    json_string(json, "actor", side->actor);
    json_string(json, "what", side->what);
    json_time(json, "when", side->when);
    write_address(json, "pc", side->site->pc);
    write_exception(json, side->site->xpsr & 0x1ff); /* IPSR (Armv7-M B1.4.2) */
    if (blamed_place(emission->options, side->site, &place))
        write_place(json, "blamed", &place);
    else
        json_null(json, "blamed");
    write_backtrace(emission, side->site);
    json_end(json);
}

static void write_sides(struct emission *emission, const struct finding *finding)
{
    struct sides sides;

    finding_sides(finding, &sides);
    json_array(&emission->json, "sides");
    for (unsigned i = 0; i < sides.count; i++)
        write_side(emission, &sides.side[i]);
    json_end(&emission->json);
}

/* ---- Access, buffer, transfer, bytes ----------------------------------------------------------
 */

static void write_value(struct json *json, const char *key, uint64_t value, uint32_t size)
{
    uint8_t bytes[8];

    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
    json_hex(json, key, bytes, size < sizeof bytes ? size : sizeof bytes);
}

static void write_access(struct json *json, const struct finding *finding)
{
    static const char *const actors[] = {[ACTOR_INSTRUCTION] = "instruction",
                                         [ACTOR_STACKING] = "exception-stacking",
                                         [ACTOR_SEMIHOST] = "semihosting"};
    const struct finding_access *access = &finding->first;

    if (!access->size) {
        json_null(json, "access");
        return;
    }
    json_object(json, "access");
    json_string(json, "by", actors[access->actor]);
    json_time(json, "when", access->when);
    write_address(json, "pc", access->pc);
    write_address(json, "address", access->address);
    json_number(json, "size", access->size);
    write_value(json, "before", access->before, access->size);
    write_value(json, "after", access->after, access->size);
    write_exception(json, access->exception);
    json_end(json);
}

static void write_range(struct emission *emission, const char *key, struct byte_range range)
{
    const struct image *image = emission->options->image;
    struct json *json = &emission->json;
    struct symbol symbol;
    bool named = image && image_symbol_at(image, range.start, &symbol);

    json_object(json, key);
    write_address(json, "address", range.start);
    json_number(json, "size", range.size);
    json_string(json, "symbol", named ? symbol.name : NULL);
    json_number(json, "offset", named ? range.start - symbol.address : 0);
    json_string(json, "section", named && *symbol.section ? symbol.section : NULL);
    json_end(json);
}

/* The window of the transfer, and what it was given from: an object, a heap block, a frame. */
static void write_ranges(struct emission *emission, const struct finding *finding)
{
    if (finding_has_transfer(finding))
        write_range(emission, "buffer", finding->transfer.window);
    else
        json_null(&emission->json, "buffer");
    if (finding->about.size)
        write_range(emission, "about", finding->about);
    else
        json_null(&emission->json, "about");
}

static void write_register(struct emission *emission, const struct finding *finding)
{
    const struct finding_misuse *misuse = &finding->misuse;
    struct json *json = &emission->json;
    char name[64];

    if (finding->kind != FINDING_MISUSE) {
        json_null(json, "register");
        return;
    }
    trace_register_name(emission->options->trace, misuse->address, name, sizeof name);
    json_object(json, "register");
    json_string(json, "name", name);
    write_address(json, "address", misuse->address);
    json_format(json, "value", "0x%08x", misuse->value);
    json_string(json, "misuse", misuse_sentence((enum misuse)misuse->misuse));
    json_end(json);
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
    write_range(emission, "buffer", rival->window);
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

/* ---- The whole --------------------------------------------------------------------------------
 */

static void write_suppression(struct emission *emission, unsigned index)
{
    const struct suppression *by = report_suppression(emission->run, index);
    struct json *json = &emission->json;

    if (!by) {
        json_null(json, "suppressed");
        return;
    }
    json_object(json, "suppressed");
    json_string(json, "file", suppressions_path(emission->run->suppressions));
    json_number(json, "line", by->line);
    json_string(json, "reason", by->reason);
    json_end(json);
}

static void write_words(struct emission *emission, unsigned index, const struct finding *finding)
{
    struct json *json = &emission->json;
    struct text words = {0};

    print_brief(&words, finding, emission->options);
    json_string(json, "message", text_string(&words));
    text_clear(&words);
    print_fingerprint(&words, emission->run, index, emission->options);
    json_string(json, "fingerprint", text_string(&words));
    text_free(&words);
}

static const char *kind_word(enum finding_kind kind)
{
    static const char *const words[] = {
        [FINDING_ACCESS] = "access",   [FINDING_EVENT] = "event",     [FINDING_OVERLAP] = "overlap",
        [FINDING_RELEASE] = "release", [FINDING_ACQUIRE] = "acquire", [FINDING_MISUSE] = "misuse"};

    return words[kind];
}

void json_finding(struct emission *emission, unsigned index)
{
    const struct finding *finding = checker_finding(emission->run->checker, index);
    const struct rule *rule = rule_describe((enum rule_id)finding->rule);
    struct json *json = &emission->json;

    json_object(json, NULL);
    json_string(json, "rule", rule->name);
    json_string(json, "severity", severity_name(finding_severity(finding)));
    json_string(json, "title", rule->title);
    json_string(json, "kind", kind_word((enum finding_kind)finding->kind));
    write_words(emission, index, finding);
    json_number(json, "occurrences", finding->occurrences);
    json_number(json, "accesses", finding->accesses);
    write_suppression(emission, index);
    write_sides(emission, finding);
    write_access(json, finding);
    write_register(emission, finding);
    write_ranges(emission, finding);
    write_transfer(emission, finding);
    write_rival(emission, finding);
    write_bytes(json, finding);
    json_string(json, "repair", rule->repair);
    json_string(json, "replay", emission->options->replay);
    json_end(json);
}
