/* SPDX-License-Identifier: Apache-2.0 */
/* From an address to the functions and source lines it was made from. */
#include "sim/image/debug_info.h"
#include "sim/image/discarded.h"

#include <dwarf.h>
#include <string.h>

/* Inlined functions within one another, and all scopes around an address. */
#define CHAIN_ROOM 32u
#define SCOPES_ROOM 64u

/* Entries looked at for one address; a large unit has some ten thousand, garbage may be a loop. */
#define ENTRIES_LIMIT 1000000u

/* The function at an address and the functions inlined into it there, outermost first. */
struct chain {
    Dwarf_Die entries[CHAIN_ROOM];
    unsigned count;
};

static bool covers(Dwarf_Die *entry, guest_addr pc)
{
    ptrdiff_t offset = 0;
    Dwarf_Addr base = 0;
    Dwarf_Addr start;
    Dwarf_Addr end;

    while ((offset = dwarf_ranges(entry, offset, &base, &start, &end)) > 0)
        if (!is_discarded_address(start) && pc >= start && pc < end)
            return true;
    return false;
}

/* Scopes that have no code of their own but may have functions in them. */
static bool is_enclosing(int tag)
{
    return tag == DW_TAG_namespace || tag == DW_TAG_module || tag == DW_TAG_class_type ||
           tag == DW_TAG_structure_type;
}

static bool is_code_scope(int tag)
{
    return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine ||
           tag == DW_TAG_lexical_block || tag == DW_TAG_try_block || tag == DW_TAG_catch_block;
}

/*
 * Walks down from `unit` to the innermost scope that covers `pc`. path[] holds the scopes to come
 * back to; once a scope covers `pc` there is no way back, all else is in that scope.
 */
static void find_chain(Dwarf_Die *unit, guest_addr pc, struct chain *chain)
{
    Dwarf_Die path[SCOPES_ROOM];
    Dwarf_Die child;
    unsigned depth = 0;
    bool has_entry = dwarf_child(unit, &path[0]) == 0;

    chain->count = 0;
    for (unsigned i = 0; has_entry && i < ENTRIES_LIMIT; i++) {
        Dwarf_Die *entry = &path[depth];
        int tag = dwarf_tag(entry);
        bool is_here = is_code_scope(tag) && covers(entry, pc);

        if (is_here && tag != DW_TAG_lexical_block && chain->count < CHAIN_ROOM)
            chain->entries[chain->count++] = *entry;
        if (is_here) {
            has_entry = dwarf_child(entry, &child) == 0;
            depth = 0;
            path[0] = child;
            continue;
        }
        if (is_enclosing(tag) && depth + 1 < SCOPES_ROOM && dwarf_child(entry, &child) == 0) {
            path[++depth] = child;
            continue;
        }
        while (dwarf_siblingof(&path[depth], &child) != 0) {
            if (depth == 0)
                return;
            depth--;
        }
        path[depth] = child;
    }
}

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

static unsigned places_of_unit(Dwarf_Die *unit, guest_addr pc, struct source_place *places,
                               unsigned room)
{
    struct chain chain;
    unsigned count;

    find_chain(unit, pc, &chain);
    count = chain.count ? chain.count : 1; /* of assembly files only the line is known */
    for (unsigned i = 0; i < count && i < room; i++) {
        places[i] = (struct source_place){.function = "", .file = ""};
        if (chain.count)
            set_function(&places[i], &chain.entries[count - 1 - i]);
        if (i == 0)
            set_line(&places[i], unit, pc);
        else
            set_call(&places[i], unit, &chain.entries[count - i]);
    }
    if (!chain.count && !places[0].file[0])
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
