/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/report/transcript.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/report/detail.h"
#include "sim/report/place.h"
#include "sim/report/style.h"

#include <stdio.h>
#include <string.h>

enum { CONSOLE_SOURCES = 8, TEXT_COLUMN = 27 };

/* A line the firmware has begun. */
struct console_line {
    const char *source; /* static string; NULL: unused */
    sim_time when;      /* its last character came */
    struct text text;
};

struct transcript {
    struct report_options options;
    transcript_sink *sink;
    void *owner;
    struct console_line console[CONSOLE_SOURCES];
    struct text line; /* scratch */
};

/* ---- Lines ------------------------------------------------------------------------------------
 */

static void say_in(struct transcript *transcript, enum paint how, sim_time when, const char *source,
                   const char *words)
{
    struct text *line = &transcript->line;
    struct text time = {0};

    print_milliseconds(&time, when, 3, 12);
    text_clear(line);
    paint(line, transcript->options.colour, PAINT_FAINT, "%s ms", text_string(&time));
    text_printf(line, "  ");
    paint(line, transcript->options.colour, how, "%-8s", source);
    text_printf(line, "  ");
    wrap(line, TEXT_COLUMN, TEXT_COLUMN, words);
    text_printf(line, "\n");
    transcript->sink(transcript->owner, text_string(line));
    text_free(&time);
}

static void say(struct transcript *transcript, sim_time when, const char *source, const char *words)
{
    say_in(transcript, PAINT_STRONG, when, source, words);
}

/* " at pc 0x00001234 (main.c:12)" */
static void print_pc(struct text *text, const struct transcript *transcript, guest_addr pc)
{
    struct text line = {0};

    text_printf(text, " at pc 0x%08x", pc);
    if (print_line(&line, &transcript->options, pc))
        text_printf(text, " (%s)", text_string(&line));
    text_free(&line);
}

static void print_register(struct text *text, const struct transcript *transcript,
                           guest_addr address)
{
    char name[64];

    trace_register_name(transcript->options.trace, address, name, sizeof name);
    text_printf(text, "%s", name);
}

/* ---- What host and firmware say ---------------------------------------------------------------
 */

static void say_host(struct transcript *transcript, const struct observation *seen)
{
    static const enum paint colours[] = {
        [HOST_NOTE] = PAINT_STRONG,  [HOST_REQUEST] = PAINT_STRONG, [HOST_STALLED] = PAINT_WARNING,
        [HOST_FAILED] = PAINT_ERROR, [HOST_COMPLETED] = PAINT_GOOD,
    };

    say_in(transcript, colours[seen->host.step], seen->when, "host", seen->host.text);
}

static void say_bus(struct transcript *transcript, const struct observation *seen)
{
    static const char *const words[] = {
        [USB_ATTACHED] = "attached",    [USB_RESET_BEGIN] = "reset begins",
        [USB_RESET_END] = "reset ends", [USB_SUSPENDED] = "suspended",
        [USB_RESUMED] = "resumed",      [USB_DETACHED] = "detached",
    };

    say(transcript, seen->when, "bus", words[seen->usb_bus.state]);
}

static void say_reset(struct transcript *transcript, const struct observation *seen)
{
    /* POWER.RESETREAS (nRF52840 PS v1.7, 5.3.7.15) */
    static const struct {
        unsigned bit;
        const char *words;
    } reasons[] = {
        {0, "the reset pin"},
        {1, "the watchdog"},
        {2, "software (AIRCR.SYSRESETREQ)"},
        {3, "a lock-up"},
        {16, "wake-up by GPIO"},
        {17, "wake-up by LPCOMP"},
        {18, "the debug interface"},
        {19, "wake-up by NFC"},
        {20, "wake-up by VBUS"},
    };
    const char *by = "power-on";
    struct text words = {0};

    for (unsigned i = 0; i < ARRAY_LENGTH(reasons); i++) {
        if (seen->reset.reason & bit32(reasons[i].bit))
            by = reasons[i].words;
    }
    text_printf(&words, "the system was reset by %s", by);
    print_pc(&words, transcript, seen->reset.pc);
    say(transcript, seen->when, "reset", text_string(&words));
    text_free(&words);
}

static void say_fault(struct transcript *transcript, const struct observation *seen)
{
    struct text words = {0};

    if (seen->fault.lockup)
        text_printf(&words, "lock-up, ");
    print_exception(&words, seen->fault.exception);
    text_printf(&words, ": %s,", seen->fault.cause);
    print_pc(&words, transcript, seen->fault.pc);
    say_in(transcript, PAINT_ERROR, seen->when, "fault", text_string(&words));
    text_free(&words);
}

/* ---- Notices ----------------------------------------------------------------------------------
 */

/* A block may be modelled and one of its registers not, so the register is what is named. */
static void print_unmodelled(struct text *text, const struct transcript *transcript,
                             const struct obs_unmodelled *what)
{
    if (what->exists) {
        print_register(text, transcript, what->address);
        text_printf(text, ":");
        return;
    }
    if (what->block && what->address == what->pc) /* an operation, not a register */
        text_printf(text, "%s operation 0x%x is not modelled; the call", what->block, what->value);
    else if (what->block)
        text_printf(text, "%s: register 0x%08x is not modelled;", what->block, what->address);
    else
        text_printf(text, "nothing is modelled at 0x%08x;", what->address);
}

static void notice_unmodelled(struct transcript *transcript, const struct observation *seen)
{
    const struct obs_unmodelled *what = &seen->unmodelled;
    bool call = what->address == what->pc;
    struct text words = {0};

    print_unmodelled(&words, transcript, what);
    if (what->write)
        text_printf(&words, " the write of 0x%x", what->value);
    else if (!call)
        text_printf(&words, " the read");
    print_pc(&words, transcript, what->pc);
    if (what->exists)
        text_printf(&words, " asks for more than is modelled");
    else if (what->write)
        text_printf(&words, " has no effect");
    else if (call)
        text_printf(&words, " fails");
    else
        text_printf(&words, " gives %u", what->value);
    say_in(transcript, PAINT_WARNING, seen->when, "notice", text_string(&words));
    text_free(&words);
}

static void notice_misuse(struct transcript *transcript, const struct observation *seen)
{
    const struct obs_misuse *what = &seen->misuse;
    struct text words = {0};

    print_register(&words, transcript, what->address);
    text_printf(&words, ": %s,", misuse_sentence(what->misuse));
    print_pc(&words, transcript, what->pc);
    say_in(transcript, PAINT_WARNING, seen->when, "notice", text_string(&words));
    text_free(&words);
}

/* ---- The console ------------------------------------------------------------------------------
 */

static void end_console_line(struct transcript *transcript, struct console_line *line)
{
    say(transcript, line->when, "console", text_string(&line->text));
    text_clear(&line->text);
}

static struct console_line *console_of(struct transcript *transcript, const char *source)
{
    for (unsigned i = 0; i < CONSOLE_SOURCES - 1; i++) {
        struct console_line *line = &transcript->console[i];

        if (!line->source)
            line->source = source;
        if (!strcmp(line->source, source))
            return line;
    }
    return &transcript->console[CONSOLE_SOURCES - 1];
}

/* Control characters would let firmware rewrite what the terminal shows. */
static void hear_byte(struct console_line *line, char byte)
{
    if (byte == '\t' || (unsigned char)byte >= 0x80 || (byte >= ' ' && byte != 0x7f))
        text_append(&line->text, byte == '\t' ? " " : &byte, 1);
    else if (byte != '\r')
        text_printf(&line->text, "\\x%02x", (unsigned char)byte);
}

static void hear_console(struct transcript *transcript, const struct observation *seen)
{
    struct console_line *line = console_of(transcript, seen->console.source);

    for (size_t i = 0; i < seen->console.size; i++) {
        line->when = seen->when;
        if (seen->console.bytes[i] == '\n')
            end_console_line(transcript, line);
        else
            hear_byte(line, seen->console.bytes[i]);
    }
}

/* ---- Dispatch ---------------------------------------------------------------------------------
 */

static void say_detail(struct transcript *transcript, const struct observation *seen)
{
    struct text words = {0};
    const char *source = print_detail(&words, seen, &transcript->options);

    if (source)
        say_in(transcript, PAINT_FAINT, seen->when, source, text_string(&words));
    text_free(&words);
}

static void hear(void *owner, const struct observation *seen)
{
    struct transcript *transcript = owner;

    if (seen->kind == OBS_HOST)
        say_host(transcript, seen);
    else if (seen->kind == OBS_USB_BUS)
        say_bus(transcript, seen);
    else if (seen->kind == OBS_CONSOLE)
        hear_console(transcript, seen);
    else if (seen->kind == OBS_UNMODELLED)
        notice_unmodelled(transcript, seen);
    else if (seen->kind == OBS_MISUSE)
        notice_misuse(transcript, seen);
    else if (seen->kind == OBS_RESET)
        say_reset(transcript, seen);
    else if (seen->kind == OBS_FAULT)
        say_fault(transcript, seen);
    else
        say_detail(transcript, seen);
}

struct transcript *transcript_create(struct trace *trace, const struct report_options *options,
                                     enum transcript_level level, transcript_sink *sink,
                                     void *owner)
{
    struct transcript *transcript = heap_allocate(1, sizeof *transcript);
    uint32_t kinds = TRACE_KIND(HOST) | TRACE_KIND(USB_BUS) | TRACE_KIND(CONSOLE) |
                     TRACE_KIND(UNMODELLED) | TRACE_KIND(MISUSE) | TRACE_KIND(RESET) |
                     TRACE_KIND(FAULT);

    if (level == TRANSCRIPT_VERBOSE)
        kinds |= DETAIL_KINDS;
    transcript->options = *options;
    transcript->sink = sink;
    transcript->owner = owner;
    trace_subscribe(trace, kinds, hear, transcript);
    return transcript;
}

void transcript_finish(struct transcript *transcript)
{
    for (unsigned i = 0; i < CONSOLE_SOURCES; i++) {
        if (transcript->console[i].text.length)
            end_console_line(transcript, &transcript->console[i]);
    }
}

void transcript_destroy(struct transcript *transcript)
{
    if (!transcript)
        return;
    for (unsigned i = 0; i < CONSOLE_SOURCES; i++)
        text_free(&transcript->console[i].text);
    text_free(&transcript->line);
    heap_release(transcript);
}
