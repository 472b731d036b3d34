/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/debug/monitor_state.h"

#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/report/style.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct monitor_command *const tables[] = {monitor_looks, monitor_bus, monitor_writers,
                                                       monitor_changes, monitor_hosts};

/* ---- Words ----------------------------------------------------------------------------------- */

bool monitor_number(struct request *request, unsigned index, uint64_t *number)
{
    const char *word = index < request->count ? request->word[index] : "";
    char *end;

    errno = 0;
    *number = strtoull(word, &end, 0);
    if (*word >= '0' && *word <= '9' && !*end && !errno)
        return true;
    if (*word)
        text_printf(request->out, "%s: not a number\n", word);
    else
        text_printf(request->out, "a number is missing\n");
    return false;
}

bool monitor_word_is(const struct request *request, unsigned index, const char *text)
{
    return index < request->count && !strcmp(request->word[index], text);
}

void monitor_print_time(struct text *out, sim_time when)
{
    print_milliseconds(out, when, 6, 0);
    text_printf(out, " ms");
}

static char *split(char *line, struct request *request)
{
    char *rest = NULL;
    char *name = strtok_r(line, " \t\n", &rest);
    char *word;

    if (name)
        text_append(&request->line, rest, strlen(rest));

    while (name && request->count < MONITOR_WORDS && (word = strtok_r(NULL, " \t\n", &rest)))
        request->word[request->count++] = word;
    return name;
}

/* ---- Help ------------------------------------------------------------------------------------ */

static void list_commands(struct text *out)
{
    text_printf(out, "Commands, each behind 'monitor':\n");
    for (unsigned t = 0; t < ARRAY_LENGTH(tables); t++) {
        for (const struct monitor_command *row = tables[t]; row->name; row++) {
            size_t start = out->length;

            text_printf(out, "  %s %s", row->name, row->arguments);
            while (out->length - start < 28)
                text_printf(out, " ");
            text_printf(out, " %.*s\n", (int)strcspn(row->help, "\n"), row->help);
        }
    }
    text_printf(out, "'monitor help COMMAND' tells more.\n");
}

static const struct monitor_command *find(const char *name)
{
    for (unsigned t = 0; t < ARRAY_LENGTH(tables); t++) {
        for (const struct monitor_command *row = tables[t]; row->name; row++) {
            if (!strcmp(row->name, name))
                return row;
        }
    }
    return NULL;
}

static void help(struct request *request)
{
    const struct monitor_command *row = request->count ? find(request->word[0]) : NULL;

    if (row)
        text_printf(request->out, "monitor %s %s\n%s\n", row->name, row->arguments, row->help);
    else if (request->count)
        text_printf(request->out, "%s: no such command; 'monitor help' lists them\n",
                    request->word[0]);
    else
        list_commands(request->out);
}

void monitor_command(struct monitor *monitor, struct target *target, char *line, struct text *out)
{
    struct request request = {
        .monitor = monitor, .target = target, .machine = target_machine(target), .out = out};
    char *name = split(line, &request);
    const struct monitor_command *row = name ? find(name) : NULL;

    if (!name || !strcmp(name, "help"))
        help(&request);
    else if (row)
        row->obey(&request);
    else
        text_printf(out, "%s: no such command; 'monitor help' lists them\n", name);
    text_free(&request.line);
}

void monitor_forget(struct monitor *monitor, struct target *target)
{
    while (monitor->saved) {
        struct saved_point *point = monitor->saved;

        monitor->saved = point->next;
        target_release(target, point->kept);
        heap_release(point->name);
        heap_release(point);
    }
}
