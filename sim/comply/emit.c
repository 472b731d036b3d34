/* SPDX-License-Identifier: Apache-2.0 */
/* The results for programs: JUnit and JSON. */
#include "sim/base/json.h"
#include "sim/base/xml.h"
#include "sim/comply/comply.h"

static double seconds(sim_time cycles)
{
    return (double)cycles / (double)CYCLES_PER_SECOND;
}

/* ---- JUnit ----------------------------------------------------------------------------------- */

static void attribute(struct text *text, const char *name, const char *value)
{
    text_printf(text, " %s=\"", name);
    xml_attribute_text(text, value);
    text_printf(text, "\"");
}

static void junit_case(struct text *text, const struct comply_result *result)
{
    const struct comply_case *subject = result->subject;
    struct text name = {0};

    text_printf(&name, "%s: %s (%s)", comply_case_name(subject), comply_case_title(subject),
                comply_case_clause(subject));
    text_printf(text, "    <testcase");
    attribute(text, "classname", comply_case_group(subject));
    attribute(text, "name", text_string(&name));
    text_printf(text, " time=\"%.6f\"", seconds(result->duration));
    text_free(&name);
    if (result->verdict == COMPLY_PASSED) {
        text_printf(text, "/>\n");
        return;
    }
    text_printf(text, ">\n      <%s",
                result->verdict == COMPLY_NOT_APPLICABLE ? "skipped" : "failure");
    if (result->verdict != COMPLY_NOT_APPLICABLE)
        attribute(text, "type", result->verdict == COMPLY_MISSING ? "missing" : "failed");
    attribute(text, "message", result->reason ? result->reason : "no result");
    if (result->verdict == COMPLY_FAILED && result->text) {
        text_printf(text, ">");
        xml_element_text(text, result->text);
        text_printf(text, "</failure>");
    } else {
        text_printf(text, "/>");
    }
    text_printf(text, "\n    </testcase>\n");
}

void comply_emit_junit(struct text *text, const struct comply *comply, const char *subject)
{
    unsigned failures = comply_tally(comply, COMPLY_FAILED) + comply_tally(comply, COMPLY_MISSING);
    unsigned skipped = comply_tally(comply, COMPLY_NOT_APPLICABLE);

    text_printf(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite");
    attribute(text, "name", subject);
    text_printf(text, " tests=\"%u\" failures=\"%u\" errors=\"0\" skipped=\"%u\">\n",
                failures + skipped + comply_tally(comply, COMPLY_PASSED), failures, skipped);
    for (unsigned i = 0; i < comply_count(comply); i++)
        if (comply_result(comply, i)->selected)
            junit_case(text, comply_result(comply, i));
    text_printf(text, "  </testsuite>\n</testsuites>\n");
}

/* ---- JSON ------------------------------------------------------------------------------------ */

/* Stable words, unlike those of the table. */
static const char *word_for(enum comply_verdict verdict)
{
    static const char *const words[] = {"missing", "passed", "failed", "not-applicable"};

    return words[verdict];
}

static void json_case(struct json *json, const struct comply_result *result)
{
    const struct comply_case *subject = result->subject;

    json_object(json, NULL);
    json_string(json, "name", comply_case_name(subject));
    json_string(json, "group", comply_case_group(subject));
    json_string(json, "title", comply_case_title(subject));
    json_string(json, "state", comply_state_name(comply_case_state(subject)));
    json_string(json, "clause", comply_case_clause(subject));
    json_string(json, "usbtest", comply_case_usbtest(subject));
    json_string(json, "verdict", word_for(result->verdict));
    json_string(json, "reason", result->reason);
    json_string(json, "conversation", result->text);
    json_number(json, "cycles", result->duration);
    json_end(json);
}

void comply_emit_json(struct text *text, const struct comply *comply, const char *subject)
{
    struct json json = {.text = text};

    json_object(&json, NULL);
    json_string(&json, "format", "fencepost-check-1");
    json_string(&json, "image", subject);
    json_bool(&json, "compliant", comply_passed(comply));
    json_number(&json, "passed", comply_tally(comply, COMPLY_PASSED));
    json_number(&json, "failed", comply_tally(comply, COMPLY_FAILED));
    json_number(&json, "missing", comply_tally(comply, COMPLY_MISSING));
    json_number(&json, "not_applicable", comply_tally(comply, COMPLY_NOT_APPLICABLE));
    json_array(&json, "cases");
    for (unsigned i = 0; i < comply_count(comply); i++)
        if (comply_result(comply, i)->selected)
            json_case(&json, comply_result(comply, i));
    json_end(&json);
    json_end(&json);
}
