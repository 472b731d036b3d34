/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/report/json_finding.h"

#include "sim/report/brief.h"
#include "sim/report/json_witness.h"
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
    json_address(json, "pc", frame->pc);
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
    json_address(json, "pc", side->site->pc);
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

/* ---- Access and register ---------------------------------------------------------------------
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
    json_address(json, "pc", access->pc);
    json_address(json, "address", access->address);
    json_number(json, "size", access->size);
    write_value(json, "before", access->before, access->size);
    write_value(json, "after", access->after, access->size);
    write_exception(json, access->exception);
    json_end(json);
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
    json_address(json, "address", misuse->address);
    json_format(json, "value", "0x%08x", misuse->value);
    json_string(json, "misuse", misuse_sentence((enum misuse)misuse->misuse));
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
    json_string(json, "path", suppressions_path(emission->run->suppressions));
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
    const struct finding *finding = run_finding(emission->run, index);
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
    json_transfer(emission, finding);
    json_witness(json, witness_of(emission->options, finding));
    json_string(json, "repair", rule->repair);
    json_string(json, "replay", emission->options->replay);
    json_end(json);
}
