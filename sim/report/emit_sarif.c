/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SARIF 2.1.0 (OASIS), which code hosts and editors show: a result for each finding, with one code
 * flow for each side. Files below the current folder are relative to %SRCROOT%.
 */
#include "sim/report/brief.h"
#include "sim/report/emitter.h"
#include "sim/report/json_witness.h"
#include "sim/report/suppressions.h"

#include <string.h>

static void write_text(struct json *json, const char *key, const char *words)
{
    json_object(json, key);
    json_string(json, "text", words);
    json_end(json);
}

/* ---- Locations --------------------------------------------------------------------------------
 */

/* RFC 3986: everything but the unreserved characters and the slash as %XX. */
static void print_uri(struct text *uri, const char *path)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "-._~/";

    text_printf(uri, "%s", *path == '/' ? "file://" : "");
    for (; *path; path++) {
        if (strchr(plain, *path))
            text_append(uri, path, 1);
        else
            text_printf(uri, "%%%02X", (unsigned char)*path);
    }
}

static void write_artifact(struct json *json, const char *key, const char *file)
{
    const char *path = shown_path(file);
    struct text uri = {0};

    print_uri(&uri, path);
    json_object(json, key);
    json_string(json, "uri", text_string(&uri));
    if (*path != '/')
        json_string(json, "uriBaseId", "SRCROOT");
    json_end(json);
    text_free(&uri);
}

static void write_physical(struct json *json, const struct source_place *place, guest_addr pc)
{
    json_object(json, "physicalLocation");
    json_object(json, "address");
    json_number(json, "absoluteAddress", pc);
    json_end(json);
    if (place && *place->file && place->line) {
        write_artifact(json, "artifactLocation", place->file);
        json_object(json, "region");
        json_number(json, "startLine", place->line);
        if (place->column)
            json_number(json, "startColumn", place->column);
        json_end(json);
    }
    json_end(json);
}

/* `place` NULL: only the address, and perhaps a symbol, are known. */
static void write_location(struct emission *emission, const char *key,
                           const struct source_place *place, guest_addr pc, const char *message)
{
    struct json *json = &emission->json;
    struct text name = {0};

    if (place && *place->function)
        text_printf(&name, "%s", place->function);
    else
        print_symbol(&name, emission->options, pc);
    json_object(json, key);
    write_physical(json, place, pc);
    json_array(json, "logicalLocations");
    json_object(json, NULL);
    json_string(json, "name", text_string(&name));
    json_string(json, "kind", "function");
    json_end(json);
    json_end(json);
    if (message)
        write_text(json, "message", message);
    json_end(json);
    text_free(&name);
}

static void write_blamed(struct emission *emission, const struct side *side, const char *message)
{
    struct source_place place;
    bool known = blamed_place(emission->options, side->site, &place);

    write_location(emission, NULL, known ? &place : NULL, side->site->pc, message);
}

/* ---- Code flows -------------------------------------------------------------------------------
 */

static void write_step(struct emission *emission, const struct source_place *place, guest_addr pc,
                       const char *message, unsigned depth)
{
    struct json *json = &emission->json;

    json_object(json, NULL);
    write_location(emission, "location", place, pc, message);
    json_number(json, "nestingLevel", depth);
    json_string(json, "importance", message ? "essential" : "important");
    json_end(json);
}

/* One call frame, outermost function first; `message` goes to the last step. */
static unsigned write_frame(struct emission *emission, guest_addr pc, const char *message,
                            unsigned depth)
{
    struct source_place places[PLACES];
    unsigned count = places_of(emission->options, pc, places);

    if (!count)
        write_step(emission, NULL, pc, message, depth++);
    for (unsigned i = count; i > 0; i--)
        write_step(emission, &places[i - 1], pc, i == 1 ? message : NULL, depth++);
    return depth;
}

static void write_flow(struct emission *emission, const struct side *side)
{
    struct json *json = &emission->json;
    struct frame frames[FRAMES];
    unsigned count = frames_of(emission->options, side->site, frames);
    unsigned depth = 0;

    json_object(json, NULL);
    write_text(json, "message", side->what);
    json_array(json, "threadFlows");
    json_object(json, NULL);
    json_string(json, "id", side->actor);
    json_array(json, "locations");
    for (unsigned i = count; i > 0; i--)
        depth = write_frame(emission, frames[i - 1].pc, i == 1 ? side->what : NULL, depth);
    json_end(json);
    json_end(json);
    json_end(json);
    json_end(json);
}

/* ---- Results ----------------------------------------------------------------------------------
 */

static void write_sides(struct emission *emission, const struct finding *finding)
{
    struct json *json = &emission->json;
    struct sides sides;

    finding_sides(finding, &sides);
    json_array(json, "locations");
    write_blamed(emission, &sides.side[0], NULL);
    json_end(json);
    json_array(json, "relatedLocations");
    for (unsigned i = 1; i < sides.count; i++)
        write_blamed(emission, &sides.side[i], sides.side[i].what);
    json_end(json);
    json_array(json, "codeFlows");
    for (unsigned i = 0; i < sides.count; i++)
        write_flow(emission, &sides.side[i]);
    json_end(json);
}

static void write_fingerprint(struct emission *emission, unsigned index)
{
    struct json *json = &emission->json;
    struct text words = {0};

    print_fingerprint(&words, emission->run, index, emission->options);
    json_object(json, "partialFingerprints");
    json_string(json, "fencepostFinding/v1", text_string(&words));
    json_end(json);
    text_free(&words);
}

static void write_suppression(struct emission *emission, const struct suppression *by)
{
    struct json *json = &emission->json;

    json_array(json, "suppressions");
    if (by) {
        json_object(json, NULL);
        json_string(json, "kind", "external");
        json_string(json, "status", "accepted");
        json_string(json, "justification", by->reason);
        json_end(json);
    }
    json_end(json);
}

/* SARIF has no words of its own for packets; a property bag takes anything. */
static void write_properties(struct emission *emission, const struct finding *found)
{
    const struct report_witness *witness = witness_of(emission->options, found);

    if (!witness)
        return;
    json_object(&emission->json, "properties");
    json_witness(&emission->json, witness);
    json_end(&emission->json);
}

static void finding(struct emission *emission, unsigned index)
{
    const struct finding *found = run_finding(emission->run, index);
    const struct rule *rule = rule_describe((enum rule_id)found->rule);
    struct json *json = &emission->json;
    struct text message = {0};

    print_brief(&message, found, emission->options);
    text_printf(&message, " %s", rule->repair);
    json_object(json, NULL);
    json_string(json, "ruleId", rule->name);
    json_number(json, "ruleIndex", found->rule);
    json_string(json, "level", severity_name(finding_severity(found)));
    write_text(json, "message", text_string(&message));
    json_number(json, "occurrenceCount", found->occurrences ? found->occurrences : 1);
    write_fingerprint(emission, index);
    write_sides(emission, found);
    write_suppression(emission, report_suppression(emission->run, index));
    write_properties(emission, found);
    json_end(json);
    text_free(&message);
}

/* ---- The run ----------------------------------------------------------------------------------
 */

static void write_rule(struct json *json, const struct rule *rule)
{
    struct text help = {0};

    json_object(json, NULL);
    json_string(json, "id", rule->name);
    write_text(json, "shortDescription", rule->title);
    write_text(json, "fullDescription", rule->explanation);
    text_printf(&help, "%s\n\nMore: fencepost rules %s", rule->repair, rule->name);
    write_text(json, "help", text_string(&help));
    json_object(json, "defaultConfiguration");
    json_string(json, "level", severity_name(rule->severity));
    json_end(json);
    json_end(json);
    text_free(&help);
}

static void write_tool(struct emission *emission)
{
    struct json *json = &emission->json;

    json_object(json, "tool");
    json_object(json, "driver");
    json_string(json, "name", "Fencepost");
    json_string(json, "semanticVersion", emission->run->version);
    json_array(json, "rules");
    for (unsigned id = 0; id < RULE_COUNT; id++)
        write_rule(json, rule_describe((enum rule_id)id));
    json_end(json);
    json_end(json);
    json_end(json);
}

static void write_failure(struct json *json, const struct run_end *end)
{
    json_array(json, "toolExecutionNotifications");
    if (end->failed) {
        json_object(json, NULL);
        json_string(json, "level", "error");
        write_text(json, "message", end->reason);
        json_end(json);
    }
    json_end(json);
}

static void write_invocation(struct emission *emission)
{
    struct json *json = &emission->json;

    json_array(json, "invocations");
    json_object(json, NULL);
    if (emission->options->replay)
        json_string(json, "commandLine", emission->options->replay);
    json_bool(json, "executionSuccessful", true); /* of the tool: what it tells is complete */
    write_failure(json, &emission->run->end);
    json_end(json);
    json_end(json);
}

static void write_context(struct emission *emission)
{
    const struct image *image = emission->options->image;
    struct json *json = &emission->json;

    json_object(json, "originalUriBaseIds");
    json_object(json, "SRCROOT");
    write_text(json, "description", "the folder in which fencepost was started");
    json_end(json);
    json_end(json);
    json_array(json, "artifacts");
    if (image) {
        json_object(json, NULL);
        write_artifact(json, "location", image_path(image));
        json_array(json, "roles");
        json_string(json, NULL, "analysisTarget");
        json_end(json);
        json_end(json);
    }
    json_end(json);
}

static void begin(struct emission *emission)
{
    struct json *json = &emission->json;

    json_object(json, NULL);
    json_string(json, "version", "2.1.0");
    json_array(json, "runs");
    json_object(json, NULL);
    write_tool(emission);
    write_invocation(emission);
    write_context(emission);
    json_array(json, "results");
}

static void end(struct emission *emission)
{
    for (unsigned levels = 4; levels; levels--) /* results, the run, runs, all */
        json_end(&emission->json);
}

const struct emitter sarif_emitter = {.name = "sarif",
                                      .brief = "SARIF 2.1.0, for code scanning",
                                      .begin = begin,
                                      .finding = finding,
                                      .end = end};
