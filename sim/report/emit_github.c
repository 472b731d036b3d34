/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Annotations for GitHub's workflows: one line for each finding, which the web page shows at the
 * guilty line of the source.
 *
 *     ::error file=firmware/usb.c,line=10,col=5,title=DMA001::CPU wrote a buffer ...
 */
#include "sim/report/brief.h"
#include "sim/report/emitter.h"
#include "sim/report/suppressions.h"

#include <string.h>

/* What would end a value, or the line, is written as %XX. */
static void escape(struct text *text, const char *words, const char *special)
{
    for (; *words; words++) {
        if ((unsigned char)*words < ' ' || strchr(special, *words))
            text_printf(text, "%%%02X", (unsigned char)*words);
        else
            text_append(text, words, 1);
    }
}

static void place_property(struct text *text, const struct source_place *place)
{
    text_printf(text, "file=");
    escape(text, shown_path(place->file), "%,:");
    text_printf(text, ",line=%u", place->line);
    if (place->column)
        text_printf(text, ",col=%u", place->column);
    text_printf(text, ",");
}

static void annotate(struct text *text, const char *title, const char *message)
{
    text_printf(text, "title=");
    escape(text, title, "%,:");
    text_printf(text, "::");
    escape(text, message, "%");
    text_printf(text, "\n");
}

static void begin(struct emission *emission)
{
    (void)emission;
}

static void finding(struct emission *emission, unsigned index)
{
    const struct finding *found = run_finding(emission->run, index);
    const struct rule *rule = rule_describe((enum rule_id)found->rule);
    struct text message = {0};
    struct text title = {0};
    struct source_place place;
    struct sides sides;

    if (report_suppression(emission->run, index))
        return;
    finding_sides(found, &sides);
    print_brief(&message, found, emission->options);
    text_printf(&message, "\n%s", rule->repair);
    text_printf(&title, "%s: %s", rule->name, rule->title);
    text_printf(emission->text, "::%s ", severity_name(finding_severity(found)));
    if (blamed_place(emission->options, sides.side[0].site, &place))
        place_property(emission->text, &place);
    annotate(emission->text, text_string(&title), text_string(&message));
    text_free(&title);
    text_free(&message);
}

static void end(struct emission *emission)
{
    const struct report_run *run = emission->run;
    struct text *text = emission->text;

    if (run->end.failed) {
        text_printf(text, "::error ");
        annotate(text, "Fencepost: the run failed", run->end.reason);
    }
    for (unsigned i = 0; i < suppressions_count(run->suppressions); i++) {
        const struct suppression *entry = suppression_at(run->suppressions, i);
        struct source_place place = {.file = suppressions_path(run->suppressions),
                                     .line = entry->line};

        if (entry->used)
            continue;
        text_printf(text, "::notice ");
        place_property(text, &place);
        annotate(text, "Fencepost: unused suppression", "Nothing was suppressed by this line.");
    }
}

const struct emitter github_emitter = {.name = "github",
                                       .brief = "annotations on the guilty line",
                                       .in_lines = true,
                                       .begin = begin,
                                       .finding = finding,
                                       .end = end};
