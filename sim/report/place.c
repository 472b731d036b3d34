/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/report/place.h"

#include "sim/base/compiler.h"
#include "sim/report/style.h"

#include <string.h>

unsigned places_of(const struct report_options *options, guest_addr pc, struct source_place *places)
{
    return options->image ? image_places(options->image, pc, places, PLACES) : 0;
}

static bool symbol_of(const struct report_options *options, guest_addr address,
                      struct symbol *symbol)
{
    return options->image && image_symbol_at(options->image, address, symbol);
}

void print_place(struct text *text, const struct source_place *place)
{
    text_printf(text, "%s%s", *place->function ? place->function : "?",
                place->inlined ? " (inlined)" : "");
    if (place->line)
        text_printf(text, " at %s:%u", shown_path(place->file), place->line);
}

/* Without source lines: by symbol, or by nothing but the address. */
void print_symbol(struct text *text, const struct report_options *options, guest_addr pc)
{
    struct symbol symbol;

    if (!symbol_of(options, pc, &symbol))
        text_printf(text, "0x%08x", pc);
    else if (pc == symbol.address)
        text_printf(text, "%s", symbol.name);
    else
        text_printf(text, "%s+0x%x", symbol.name, pc - symbol.address);
}

static bool is_header(const char *file)
{
    size_t length = strlen(file);

    return length > 2 && !strcmp(file + length - 2, ".h");
}

/* What copies and fills on behalf of its caller, in C libraries and compilers' run-time support. */
static bool is_copy_routine(const char *function)
{
    static const char *const names[] = {"memcpy",  "memmove", "memset",  "memccpy",
                                        "mempcpy", "strcpy",  "strncpy", "strlcpy",
                                        "stpcpy",  "bcopy",   "bzero"};

    if (!strncmp(function, "__aeabi_mem", strlen("__aeabi_mem")))
        return true;
    for (unsigned i = 0; i < ARRAY_LENGTH(names); i++) {
        if (!strcmp(function, names[i]))
            return true;
    }
    return false;
}

/*
 * The loop inside memcpy is not where the bug is, and a line in a header, inlined, says how a
 * register is written but not who does it: then the caller's line tells more.
 */
bool telling_place(const struct report_options *options, guest_addr pc, struct source_place *place)
{
    struct source_place places[PLACES];
    unsigned count = places_of(options, pc, places);
    unsigned header = PLACES;

    for (unsigned i = 0; i < count; i++) {
        if (!places[i].line || is_copy_routine(places[i].function))
            continue;
        if (!is_header(places[i].file)) {
            *place = places[i];
            return true;
        }
        header = header == PLACES ? i : header;
    }
    if (header < PLACES)
        *place = places[header];
    return header < PLACES;
}

bool any_place(const struct report_options *options, guest_addr pc, struct source_place *place)
{
    struct source_place places[PLACES];

    if (telling_place(options, pc, place))
        return true;
    if (!places_of(options, pc, places) || !places[0].line)
        return false;
    *place = places[0];
    return true;
}

void print_code(struct text *text, const struct report_options *options, guest_addr pc)
{
    struct source_place place;

    if (any_place(options, pc, &place))
        print_place(text, &place);
    else
        print_symbol(text, options, pc);
}

bool print_line(struct text *text, const struct report_options *options, guest_addr pc)
{
    struct source_place place;

    if (!any_place(options, pc, &place))
        return false;
    text_printf(text, "%s:%u", shown_path(place.file), place.line);
    return true;
}

bool print_data(struct text *text, const struct report_options *options, guest_addr address)
{
    struct symbol symbol;

    if (!symbol_of(options, address, &symbol))
        return false;
    text_printf(text, "%s+%u", symbol.name, address - symbol.address);
    if (*symbol.section)
        text_printf(text, " in %s", symbol.section);
    return true;
}

bool transfer_variable(const struct report_options *options, const struct transfer *transfer,
                       struct variable *variable)
{
    guest_addr start = transfer->window.start;

    return local_variable_of(options, &transfer->start, start, variable) ||
           (options->image && image_static_at(options->image, start, variable));
}

bool print_buffer_name(struct text *text, const struct report_options *options,
                       const struct transfer *transfer)
{
    struct variable variable;

    if (!local_variable_of(options, &transfer->start, transfer->window.start, &variable))
        return print_data(text, options, transfer->window.start);
    text_printf(text, "%s+%u, a local variable", variable.name,
                transfer->window.start - variable.range.start);
    if (*variable.function)
        text_printf(text, " of %s", variable.function);
    return true;
}

void print_site_briefly(struct text *text, const struct report_options *options,
                        const struct site *site)
{
    struct source_place own;
    struct source_place blamed;
    struct symbol symbol;

    if (!blamed_place(options, site, &blamed)) {
        print_symbol(text, options, site->pc);
        return;
    }
    if (!any_place(options, site->pc, &own) || strcmp(own.function, blamed.function) != 0) {
        if (options->image && image_symbol_at(options->image, site->pc, &symbol))
            text_printf(text, "%s, called by ", symbol.name);
    }
    print_place(text, &blamed);
}
