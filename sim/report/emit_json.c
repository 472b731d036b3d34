/* SPDX-License-Identifier: Apache-2.0 */
/* Everything a run found, as one JSON object: docs/report.schema.json. */
#include "sim/report/brief.h"
#include "sim/report/emitter.h"
#include "sim/report/json_finding.h"
#include "sim/report/suppressions.h"

enum { FORMAT_VERSION = 1 };

static void write_tool(struct emission *emission)
{
    struct json *json = &emission->json;

    json_object(json, "tool");
    json_string(json, "name", "fencepost");
    json_string(json, "version", emission->run->version);
    json_string(json, "engine", emission->run->engine);
    json_end(json);
}

static void write_image(struct emission *emission)
{
    static const char *const formats[] = {
        [IMAGE_ELF] = "elf", [IMAGE_HEX] = "hex", [IMAGE_UF2] = "uf2", [IMAGE_BIN] = "bin"};
    const struct image *image = emission->options->image;
    struct json *json = &emission->json;

    if (!image) {
        json_null(json, "image");
        return;
    }
    json_object(json, "image");
    json_string(json, "path", image_path(image));
    json_string(json, "format", formats[image_format(image)]);
    json_string(json, "buildId", *image_build_id(image) ? image_build_id(image) : NULL);
    json_bool(json, "debugInfo", image_has_debug_info(image));
    json_end(json);
}

static void write_settings(struct emission *emission)
{
    struct json *json = &emission->json;

    json_object(json, "options");
    for (const struct run_setting *at = emission->run->settings; at && at->name; at++)
        json_string(json, at->name, at->value);
    json_end(json);
    json_string(json, "command", emission->options->replay);
}

static void write_end(struct emission *emission)
{
    const struct run_end *end = &emission->run->end;
    struct json *json = &emission->json;

    json_object(json, "run");
    json_string(json, "end", end->name);
    json_bool(json, "failed", end->failed);
    json_string(json, "reason", end->reason);
    json_string(json, "details", end->details);
    json_time(json, "when", end->when);
    json_end(json);
}

static void write_counts(struct emission *emission)
{
    const struct report_run *run = emission->run;
    const struct checker_counts *counts = checker_counted(run->checker);
    unsigned errors = report_count(run, SEVERITY_ERROR);
    unsigned warnings = report_count(run, SEVERITY_WARNING);
    struct json *json = &emission->json;

    json_object(json, "counts");
    json_number(json, "findings", errors + warnings);
    json_number(json, "errors", errors);
    json_number(json, "warnings", warnings);
    json_number(json, "suppressed", run_finding_count(run) - errors - warnings);
    json_number(json, "findingsLost", counts->findings_lost);
    json_number(json, "transfers", counts->transfers);
    json_number(json, "windows", counts->windows);
    json_number(json, "transfersNotFollowed", counts->not_followed);
    json_number(json, "bytes", counts->bytes);
    json_number(json, "accesses", counts->accesses);
    json_number(json, "barriers", counts->barriers);
    json_number(json, "unmodelled", counts->unmodelled);
    json_end(json);
}

static void write_rules(struct emission *emission)
{
    struct json *json = &emission->json;

    json_array(json, "rules");
    for (unsigned id = 0; id < RULE_COUNT; id++) {
        const struct rule *rule = rule_describe((enum rule_id)id);

        json_object(json, NULL);
        json_string(json, "id", rule->name);
        json_bool(json, "on", checker_rule_is_on(emission->run->checker, (enum rule_id)id));
        json_string(json, "severity", severity_name(rule->severity));
        json_string(json, "title", rule->title);
        json_string(json, "explanation", rule->explanation);
        json_string(json, "repair", rule->repair);
        json_end(json);
    }
    json_end(json);
}

static void begin(struct emission *emission)
{
    struct json *json = &emission->json;

    json_object(json, NULL);
    json_string(json, "format", "fencepost-report");
    json_number(json, "formatVersion", FORMAT_VERSION);
    write_tool(emission);
    write_image(emission);
    write_settings(emission);
    write_end(emission);
    write_counts(emission);
    write_rules(emission);
    json_array(json, "findings");
}

static void write_suppressions(struct emission *emission)
{
    const struct suppressions *all = emission->run->suppressions;
    struct json *json = &emission->json;

    json_array(json, "suppressions");
    for (unsigned i = 0; i < suppressions_count(all); i++) {
        const struct suppression *entry = suppression_at(all, i);

        json_object(json, NULL);
        json_string(json, "path", suppressions_path(all));
        json_number(json, "line", entry->line);
        json_string(json, "rule", entry->rule);
        for (unsigned where = 0; where < WHERE_COUNT; where++)
            json_string(json, suppression_where_name((enum suppression_where)where),
                        entry->where[where]);
        json_string(json, "reason", entry->reason);
        json_number(json, "used", entry->used);
        json_end(json);
    }
    json_end(json);
}

static void end(struct emission *emission)
{
    json_end(&emission->json);
    write_suppressions(emission);
    if (emission->run->more)
        emission->run->more(emission->run->more_owner, &emission->json);
    json_end(&emission->json);
}

const struct emitter json_emitter = {.name = "json",
                                     .brief = "for programs (docs/report.schema.json)",
                                     .begin = begin,
                                     .finding = json_finding,
                                     .end = end};
