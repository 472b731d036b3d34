/* SPDX-License-Identifier: Apache-2.0 */
/* From an address to the functions and source lines it was made from. */
#include "sim/image/scopes.h"

#include <dwarf.h>
#include <string.h>

/* Files below the compile directory are named from there: the same on every machine. */
static const char *shorten(const char *file, Dwarf_Die *unit)
{
    Dwarf_Attribute attribute;
    const char *folder = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
    size_t length = folder ? strlen(folder) : 0;

    if (!file)
        return "";
    if (length && strncmp(file, folder, length) == 0 && file[length] == '/')
        file += length + 1;
    while (file[0] == '.' && file[1] == '/')
        file += 2;
    return file;
}

static void set_line(struct source_place *place, Dwarf_Die *unit, guest_addr pc)
{
    Dwarf_Line *line = dwarf_getsrc_die(unit, pc);
    int number = 0;
    int column = 0;

    if (!line)
        return;
    (void)dwarf_lineno(line, &number);
    (void)dwarf_linecol(line, &column);
    place->file = shorten(dwarf_linesrc(line, NULL, NULL), unit);
    place->line = number > 0 ? (unsigned)number : 0;
    place->column = column > 0 ? (unsigned)column : 0;
}

static unsigned number_of(Dwarf_Die *entry, unsigned name)
{
    Dwarf_Attribute attribute;
    Dwarf_Word value = 0;

    (void)dwarf_formudata(dwarf_attr(entry, name, &attribute), &value);
    return (unsigned)value;
}

/* Where the function `inlined` was called. */
static void set_call(struct source_place *place, Dwarf_Die *unit, Dwarf_Die *inlined)
{
    Dwarf_Files *files;
    size_t count;
    unsigned index = number_of(inlined, DW_AT_call_file);

    place->line = number_of(inlined, DW_AT_call_line);
    place->column = number_of(inlined, DW_AT_call_column);
    if (dwarf_getsrcfiles(unit, &files, &count) == 0 && index < count)
        place->file = shorten(dwarf_filesrc(files, index, NULL, NULL), unit);
}

static void set_function(struct source_place *place, Dwarf_Die *entry)
{
    const char *name = dwarf_diename(entry);

    if (name)
        place->function = name;
    place->inlined = dwarf_tag(entry) == DW_TAG_inlined_subroutine;
}

/* The function around an address and those inlined into it there, outermost first. */
static void leave_out_blocks(struct scopes *scopes)
{
    unsigned count = 0;

    for (unsigned i = 0; i < scopes->count; i++)
        if (scope_is_function(&scopes->entries[i]))
            scopes->entries[count++] = scopes->entries[i];
    scopes->count = count;
}

static unsigned places_of_unit(Dwarf_Die *unit, guest_addr pc, struct source_place *places,
                               unsigned room)
{
    struct scopes functions;
    unsigned count;

    scopes_at(unit, pc, &functions);
    leave_out_blocks(&functions);
    count = functions.count ? functions.count : 1; /* of assembly files only the line is known */
    for (unsigned i = 0; i < count && i < room; i++) {
        places[i] = (struct source_place){.function = "", .file = ""};
        if (functions.count)
            set_function(&places[i], &functions.entries[count - 1 - i]);
        if (i == 0)
            set_line(&places[i], unit, pc);
        else
            set_call(&places[i], unit, &functions.entries[count - i]);
    }
    if (!functions.count && !places[0].file[0])
        return 0;
    return count < room ? count : room;
}

/* Without debug information of its own a function may still have a symbol. */
static unsigned place_of_symbol(const struct image *image, guest_addr pc,
                                struct source_place *place)
{
    struct symbol symbol;

    if (!image_symbol_at(image, pc, &symbol) || !symbol.is_function)
        return 0;
    place->function = symbol.name;
    return 1;
}

unsigned image_places(const struct image *image, guest_addr pc, struct source_place *places,
                      unsigned room)
{
    struct debug_info *debug = debug_info_of(image);
    Dwarf_Die unit;
    unsigned count = 0;

    if (!room)
        return 0;
    if (debug && debug_info_unit(debug, pc, &unit))
        count = places_of_unit(&unit, pc, places, room);
    if (!count) {
        places[0] = (struct source_place){.function = "", .file = ""};
        return place_of_symbol(image, pc, &places[0]);
    }
    if (!places[count - 1].function[0])
        (void)place_of_symbol(image, pc, &places[count - 1]);
    return count;
}
