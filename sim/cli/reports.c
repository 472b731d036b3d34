/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cli/reports.h"

#include "sim/base/heap.h"
#include "sim/base/save.h"
#include "sim/cli/cli.h"

#include <stdio.h>
#include <string.h>

/* ---- What was asked for ----------------------------------------------------------------------
 */

static bool refuse(const char *word, const char *reason)
{
    (void)cli_usage_error("run", "--report=%s: %s", word, reason);
    return false;
}

static bool refuse_name(const char *word)
{
    struct text names = {0};

    text_printf(&names, "not one of: ");
    for (unsigned i = 0; emitter_at(i); i++)
        text_printf(&names, "%s%s", i ? ", " : "", emitter_at(i)->name);
    (void)refuse(word, text_string(&names));
    text_free(&names);
    return false;
}

/* Standard output by its other name, too: replacing the file behind it would lose the text. */
static bool is_output(const char *path)
{
    return !strcmp(path, "-") || !strcmp(path, "/dev/stdout");
}

/* `word` is FORMAT or FORMAT:FILE; it is cut in two. */
static bool read_target(struct reports *reports, char *word)
{
    char *colon = strchr(word, ':');
    const struct emitter *emitter;

    if (colon)
        *colon = '\0';
    emitter = emitter_named(word);
    if (!emitter)
        return refuse_name(word);
    if (colon ? !colon[1] : !emitter->in_lines)
        return refuse(word, "needs a file, as in FORMAT:FILE; - is standard output");
    if (reports->count == REPORTS)
        return refuse(word, "too many reports");
    reports->target[reports->count++] = (struct report_target){
        .emitter = emitter,
        .path = colon && !is_output(colon + 1) ? heap_copy_string(colon + 1) : NULL};
    return true;
}

bool reports_read(struct reports *reports, const char *argument)
{
    char *words = heap_copy_string(argument);
    char *next = words;
    bool good = true;

    while (good && next) {
        char *word = next;

        next = strchr(word, ',');
        if (next)
            *next++ = '\0';
        good = read_target(reports, word);
    }
    heap_release(words);
    return good;
}

static bool owns_output(const struct report_target *target)
{
    return !target->path && !target->emitter->in_lines;
}

bool reports_own_output(const struct reports *reports)
{
    for (unsigned i = 0; i < reports->count; i++) {
        if (owns_output(&reports->target[i]))
            return true;
    }
    return false;
}

bool reports_use_output(const struct reports *reports)
{
    for (unsigned i = 0; i < reports->count; i++) {
        if (!reports->target[i].path)
            return true;
    }
    return false;
}

bool reports_check(const struct reports *reports)
{
    const struct report_target *owner = NULL;
    unsigned to_output = 0;

    for (unsigned i = 0; i < reports->count; i++) {
        to_output += !reports->target[i].path;
        if (owns_output(&reports->target[i]))
            owner = &reports->target[i];
    }
    if (owner && to_output > 1)
        return refuse(owner->emitter->name, "standard output is wanted for another report too");
    return true;
}

/* ---- Writing them ----------------------------------------------------------------------------
 */

static void print_report(const struct emitter *emitter, const struct report_run *run,
                         const struct report_options *options)
{
    struct text text = {0};

    emit_report(&text, emitter, run, options);
    cli_print(text_string(&text));
    text_free(&text);
}

static void print_reports(const struct reports *reports, const struct report_run *run,
                          const struct report_options *options)
{
    if (!reports_own_output(reports) && !reports->silent)
        print_report(&text_emitter, run, options);
    for (unsigned i = 0; i < reports->count; i++) {
        const struct report_target *target = &reports->target[i];

        if (!target->path && target->emitter != &text_emitter)
            print_report(target->emitter, run, options);
    }
    (void)fflush(stdout); /* before a complaint about a file: cli_finish looks at it again */
}

static int save_report(const struct report_target *target, const struct report_run *run,
                       const struct report_options *options)
{
    struct text text = {0};
    struct failure failure;
    enum status status;

    emit_report(&text, target->emitter, run, options);
    status = save_file(target->path, text_string(&text), text.length, &failure);
    text_free(&text);
    return status == STATUS_OK ? EXIT_CLEAN : cli_failure(&failure);
}

int reports_write(const struct reports *reports, const struct report_run *run,
                  const struct report_options *options, const char *plain_details)
{
    struct report_options plain = *options;
    struct report_run plain_run = *run;
    int code = EXIT_CLEAN;

    plain.colour = false;
    plain_run.end.details = plain_details;
    print_reports(reports, reports_own_output(reports) ? &plain_run : run, options);
    for (unsigned i = 0; i < reports->count; i++) {
        if (reports->target[i].path && save_report(&reports->target[i], &plain_run, &plain))
            code = EXIT_USAGE;
    }
    return code;
}

void reports_free(struct reports *reports)
{
    for (unsigned i = 0; i < reports->count; i++)
        heap_release(reports->target[i].path);
    reports->count = 0;
}
