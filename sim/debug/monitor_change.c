/* SPDX-License-Identifier: Apache-2.0 */
/* Monitor commands that change something. */
#include "sim/debug/monitor_state.h"

#include "sim/base/heap.h"
#include "sim/check/family.h"
#include "sim/report/style.h"

#include <stdlib.h>
#include <string.h>

/* gdb keeps what it has read until it is told; the command file does that. */
static void say_flush(struct request *request)
{
    text_printf(request->out, "(without scripts/fencepost.gdb, gdb has to be told: "
                              "maintenance flush register-cache)\n");
}

/* ---- Running --------------------------------------------------------------------------------- */

static void reset(struct request *request)
{
    target_restart(request->target);
    text_printf(request->out, "power-on reset: time 0, before the first instruction\n");
    say_flush(request);
}

/* It does whenever a command can be typed. */
static void halt(struct request *request)
{
    text_printf(request->out, "the machine stands still\n");
}

/* "13465054" cycles, "210.391468 ms", "210.391468ms": as times are shown everywhere. */
static bool read_time(struct request *request, sim_time *when)
{
    static const struct unit {
        const char *name;
        double cycles;
    } units[] = {
        {"cycles", 1}, {"us", CYCLES_PER_US}, {"ms", CYCLES_PER_MS}, {"s", CYCLES_PER_SECOND}};
    const char *line = text_string(&request->line);
    char *end;
    double number = strtod(line, &end);

    end += strspn(end, " \t");
    for (unsigned i = 0; i < ARRAY_LENGTH(units); i++) {
        if (number >= 0 && number < 1e15 &&
            (!strcmp(end, units[i].name) || (!i && end > line && !*end))) {
            *when = (sim_time)(number * units[i].cycles + 0.5);
            return true;
        }
    }
    text_printf(request->out, "a time is wanted, as in 13465054 or 210.391468 ms\n");
    return false;
}

static void go_to(struct request *request)
{
    sim_time when;

    if (!read_time(request, &when))
        return;
    if (target_go_to(request->target, when))
        say_flush(request);
    else
        text_printf(request->out, "only the known past can be gone to; see monitor time\n");
}

static void set_step_irq(struct request *request)
{
    if (monitor_word_is(request, 0, "on"))
        target_step_into_interrupts(request->target, true);
    else if (monitor_word_is(request, 0, "off"))
        target_step_into_interrupts(request->target, false);
    else if (request->count)
        text_printf(request->out, "%s: neither on nor off\n", request->word[0]);
    text_printf(request->out, "an interrupt that comes during a step is %s\n",
                target_steps_into_interrupts(request->target) ? "stepped into"
                                                              : "run through to its end");
}

/* ---- Reasons to stop ------------------------------------------------------------------------- */

static void list_reasons(struct request *request)
{
    for (unsigned i = 0; i < STOP_REASONS; i++) {
        int which;
        bool on = target_stops_on(request->target, (enum stop_reason)i, &which);

        text_printf(request->out, "  %-9s %-3s", stop_reason_word((enum stop_reason)i),
                    on ? "on" : "off");
        text_printf(request->out, "  %s", stop_reason_brief((enum stop_reason)i));
        if (on && which != STOP_ANY)
            text_printf(request->out, "; only %d", which);
        text_printf(request->out, "\n");
    }
}

static bool find_reason(const char *word, enum stop_reason *reason)
{
    if (!strcmp(word, "race"))
        word = "finding";
    for (unsigned i = 0; i < STOP_REASONS; i++) {
        *reason = (enum stop_reason)i;
        if (!strcmp(stop_reason_word(*reason), word))
            return true;
    }
    return false;
}

static void stop_on(struct request *request)
{
    enum stop_reason reason;
    const char *brief;
    int length;
    uint64_t which = 0;
    bool off = monitor_word_is(request, 1, "off");
    bool narrow = request->count > 1 && !off && !monitor_word_is(request, 1, "on");

    if (!request->count) {
        list_reasons(request);
        return;
    }
    if (!find_reason(request->word[0], &reason)) {
        text_printf(request->out, "%s: no such reason; these are:\n", request->word[0]);
        list_reasons(request);
        return;
    }
    if (narrow && !monitor_number(request, 1, &which))
        return;
    target_stop_on(request->target, reason, !off, narrow ? (int)(which & 0xffff) : STOP_ANY);
    brief = stop_reason_brief(reason);
    length = strstr(brief, " [") ? (int)(strstr(brief, " [") - brief) : (int)strlen(brief);
    text_printf(request->out, "%s on: %.*s", off ? "does not stop" : "stops", length, brief);
    if (narrow)
        text_printf(request->out, "; only %llu", (unsigned long long)which);
    text_printf(request->out, "\n");
}

/* ---- The rules of the run -------------------------------------------------------------------- */

static void set_seed(struct request *request)
{
    uint64_t seed;

    if (!monitor_number(request, 0, &seed))
        return;
    chooser_reset(machine_chooser(request->machine), seed);
    target_edited(request->target);
    text_printf(request->out, "random choices follow seed %llu from here to the next reset\n",
                (unsigned long long)seed);
}

void monitor_set_policy(struct request *request)
{
    static const char *const policies[] = {[CHOICE_REALISTIC] = "realistic",
                                           [CHOICE_EAGER] = "eager",
                                           [CHOICE_LAZY] = "lazy",
                                           [CHOICE_RANDOM] = "random"};

    for (unsigned i = 0; i < sizeof policies / sizeof *policies; i++) {
        if (!monitor_word_is(request, 0, policies[i]))
            continue;
        target_set_policy(request->target, (enum choice_policy)i);
        text_printf(request->out, "EasyDMA is %s from here on: a new future\n", policies[i]);
        return;
    }
    text_printf(request->out, "one of: realistic, eager, lazy, random\n");
}

static void step_dma(struct request *request)
{
    struct transfers *transfers = checker_transfers(target_checker(request->target));
    const struct transfer *transfer;
    unsigned cursor = 0;
    uint64_t words = 1;
    unsigned moved;

    if (request->count && !monitor_number(request, 0, &words))
        return;
    moved = target_step_dma(request->target, (unsigned)(words & 0xffff));
    if (moved)
        text_printf(request->out,
                    "EasyDMA moved %u word%s; CPU and host stood still: a new future\n", moved,
                    plural(moved));
    else
        text_printf(request->out, "EasyDMA has no word to move\n");
    while ((transfer = transfers_next(transfers, &cursor)))
        monitor_print_transfer(request, transfer);
}

/* ---- Names ----------------------------------------------------------------------------------- */

static void name_image(struct request *request)
{
    const char *path = text_string(&request->line);
    struct failure failure;

    if (!request->count)
        text_printf(request->out, "%s\n", target_path(request->target));
    else if (target_name_image(request->target, path + strspn(path, " \t"), &failure) == STATUS_OK)
        text_printf(request->out, "names are those of %s\n", target_path(request->target));
    else
        text_printf(request->out, "%s\n", failure.message);
}

/* ---- Named points ---------------------------------------------------------------------------- */

static struct saved_point *find_point(struct request *request)
{
    struct saved_point *point = request->monitor->saved;

    while (point && (!request->count || strcmp(point->name, request->word[0]) != 0))
        point = point->next;
    return point;
}

static void save(struct request *request)
{
    struct saved_point *point = find_point(request);

    if (!request->count) {
        text_printf(request->out, "a name is missing\n");
        return;
    }
    if (!point) {
        point = heap_allocate(1, sizeof *point);
        point->name = heap_copy_string(request->word[0]);
        point->next = request->monitor->saved;
        request->monitor->saved = point;
    }
    if (point->kept)
        target_release(request->target, point->kept);
    point->kept = target_keep(request->target);
    text_printf(request->out, "saved as %s\n", point->name);
}

static void restore(struct request *request)
{
    struct saved_point *point = find_point(request);

    if (point && !target_return(request->target, point->kept)) {
        text_printf(request->out, "%s was saved with another firmware\n", point->name);
        return;
    }
    if (point) {
        text_printf(request->out, "back at %s, ", point->name);
        monitor_print_time(request->out, machine_now(request->machine));
        text_printf(request->out, "\n");
        say_flush(request);
        return;
    }
    for (point = request->monitor->saved; point; point = point->next) {
        text_printf(request->out, "  %-16s ", point->name);
        monitor_print_time(request->out, target_kept_at(point->kept));
        text_printf(request->out, "\n");
    }
    if (!request->monitor->saved)
        text_printf(request->out, "nothing was saved\n");
}

const struct monitor_command monitor_changes[] = {
    {"reset", "[halt]",
     "power-on: time 0, before the first instruction\n"
     "Breakpoints stay; what gdb's load wrote stays. The machine does not run by itself.",
     reset},
    {"halt", "", "for those used to it: the machine stands still already", halt},
    {"stop-on", "[REASON [N|off]]",
     "stop for a reason only a simulator knows\n"
     "Without REASON lists them. 'race' is another word for finding.",
     stop_on},
    {"step-irq", "on|off",
     "whether a step goes into an interrupt that comes, or runs through it\n"
     "The interrupt is taken in either case: stepping changes nothing.",
     set_step_irq},
    {"goto", "TIME",
     "go back to this time of the known past\n"
     "TIME is a number of cycles, or as times are shown: 210.391468 ms.",
     go_to},
    {"save", "NAME", "keep the present under a name", save},
    {"restore", "[NAME]", "go back to what was saved; without NAME list it", restore},
    {"seed", "N", "the seed of random choices, from here on", set_seed},
    {"step-dma", "[N]",
     "EasyDMA alone moves its next word, or N\n"
     "CPU, host and time stand still. What it would have done later it has done now: a new future.",
     step_dma},
    {"image", "[PATH]",
     "the file whose names are used, after gdb's load of another firmware\n"
     "A rebuilt image is found without it. PATH must hold what is in flash.",
     name_image},
    {NULL, NULL, NULL, NULL},
};
