/* SPDX-License-Identifier: Apache-2.0 */
/* Variables in memory: which one an address is in, and which part of it. */
#include "sim/image/scopes.h"
#include "sim/image/types.h"
#include "sim/image/walk.h"

#include "sim/base/heap.h"

#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Members of members and calls of calls beyond these are left out. */
#define PARTS_LIMIT 24u
#define FRAMES_LIMIT 64u

/* ---- Static variables ------------------------------------------------------------------------ */

static void note_static(struct debug_info *debug, guest_addr address, Dwarf_Off entry)
{
    if (debug->static_count == debug->static_capacity) {
        debug->static_capacity = debug->static_capacity ? 2 * debug->static_capacity : 64;
        debug->statics =
            heap_resize(debug->statics, debug->static_capacity * sizeof *debug->statics);
    }
    debug->statics[debug->static_count++] = (struct static_variable){address, entry};
}

/* Since DWARF 5 an address may stand in a table. */
static bool plain_address(Dwarf_Attribute *location, const Dwarf_Op *op, Dwarf_Addr *address)
{
    Dwarf_Attribute entry;

    if (op->atom == DW_OP_addr) {
        *address = op->number;
        return true;
    }
    return op->atom == DW_OP_addrx && dwarf_getlocation_attr(location, op, &entry) == 0 &&
           dwarf_formaddr(&entry, address) == 0;
}

/* Only a plain address is one that always holds. clang merges variables, and says where in the
 * whole each of them is. */
static bool constant_address(Dwarf_Attribute *location, Dwarf_Addr *address)
{
    Dwarf_Op *ops;
    size_t count;

    if (dwarf_getlocation(location, &ops, &count) != 0 || count < 1 || count > 2 ||
        !plain_address(location, &ops[0], address))
        return false;
    if (count == 2 && ops[1].atom != DW_OP_plus_uconst)
        return false;
    *address += count == 2 ? ops[1].number : 0;
    return *address <= UINT32_MAX;
}

static void look_at(struct debug_info *debug, Dwarf_Die *entry)
{
    Dwarf_Attribute location;
    Dwarf_Addr address;

    if (dwarf_tag(entry) == DW_TAG_variable && dwarf_attr(entry, DW_AT_location, &location) &&
        constant_address(&location, &address))
        note_static(debug, (guest_addr)address, dwarf_dieoffset(entry));
}

static bool may_hold_variables(int tag)
{
    return scope_has_code(tag) || scope_is_enclosing(tag);
}

/* All entries of a unit that can be variables; path[] holds those to come back to. */
static void look_at_unit(struct debug_info *debug, Dwarf_Die *unit)
{
    Dwarf_Die path[SCOPES_ROOM];
    Dwarf_Die child;
    unsigned depth = 0;
    bool has_entry = dwarf_child(unit, &path[0]) == 0;

    for (unsigned i = 0; has_entry && i < ENTRIES_LIMIT; i++) {
        look_at(debug, &path[depth]);
        if (may_hold_variables(dwarf_tag(&path[depth])) && depth + 1 < SCOPES_ROOM &&
            dwarf_child(&path[depth], &child) == 0) {
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

static int by_address(const void *left, const void *right)
{
    const struct static_variable *a = left;
    const struct static_variable *b = right;

    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    return (a->entry > b->entry) - (a->entry < b->entry);
}

static void look_at_all(struct debug_info *debug)
{
    Dwarf_Off offset = 0;
    Dwarf_Off next;
    size_t header_size;
    Dwarf_Die unit;

    debug->knows_statics = true;
    while (dwarf_nextcu(debug->dwarf, offset, &next, &header_size, NULL, NULL, NULL) == 0) {
        if (dwarf_offdie(debug->dwarf, offset + header_size, &unit))
            look_at_unit(debug, &unit);
        offset = next;
    }
    if (debug->static_count)
        qsort(debug->statics, debug->static_count, sizeof *debug->statics, by_address);
}

static bool static_entry(struct debug_info *debug, guest_addr address, Dwarf_Die *entry)
{
    const struct static_variable key = {.address = address, .entry = 0};
    size_t low = 0;
    size_t high;

    if (!debug->knows_statics)
        look_at_all(debug);
    for (high = debug->static_count; low < high;) {
        size_t middle = low + (high - low) / 2;

        if (by_address(&debug->statics[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < debug->static_count && debug->statics[low].address == address &&
           dwarf_offdie(debug->dwarf, debug->statics[low].entry, entry);
}

static void set_name(struct variable *variable, Dwarf_Die *entry)
{
    const char *name = dwarf_diename(entry);

    (void)snprintf(variable->name, sizeof variable->name, "%s", name ? name : "?");
}

/* The symbol says where it is and how long; the debug information has to agree. */
bool image_static_at(const struct image *image, guest_addr address, struct variable *variable)
{
    struct debug_info *debug = debug_info_of(image);
    struct symbol symbol;
    struct part whole;
    Dwarf_Die entry;

    if (!debug || !debug->dwarf || !image_symbol_at(image, address, &symbol) ||
        symbol.is_function || !static_entry(debug, symbol.address, &entry) ||
        !type_whole(&entry, &whole) || whole.size != symbol.size)
        return false;
    *variable = (struct variable){
        .function = "", .range = {symbol.address, whole.size}, .entry = dwarf_dieoffset(&entry)};
    set_name(variable, &entry);
    return true;
}

/* ---- Local variables ------------------------------------------------------------------------- */

/* One frame, and who asks what about it. */
struct question {
    struct evaluation evaluation;
    guest_addr pc;
    guest_addr address;
    struct variable *found; /* size 0: none yet */
};

static bool location_of(Dwarf_Die *entry, unsigned name, guest_addr pc, Dwarf_Op **ops,
                        size_t *count)
{
    Dwarf_Attribute attribute;

    return dwarf_attr(entry, name, &attribute) &&
           dwarf_getlocation_addr(&attribute, pc, ops, count, 1) == 1;
}

/* Variables whose scopes are disjoint may share a place: of several the longest is the answer that
 * nobody can call wrong. */
static void ask_variable(struct question *question, Dwarf_Die *entry, const char *function)
{
    struct variable *found = question->found;
    struct part whole;
    struct byte_range range;
    Dwarf_Op *ops;
    size_t count;

    if (!location_of(entry, DW_AT_location, question->pc, &ops, &count) ||
        !expression_evaluate(&question->evaluation, ops, count, &range.start) ||
        question->evaluation.is_value || !type_whole(entry, &whole))
        return;
    range.size = whole.size;
    if (!range_contains(range, question->address) ||
        range.start + range.size < found->range.start + found->range.size)
        return;
    *found =
        (struct variable){.function = function, .range = range, .entry = dwarf_dieoffset(entry)};
    set_name(found, entry);
}

static void ask_scope(struct question *question, Dwarf_Die *scope, const char *function)
{
    unsigned seen = 0;
    Dwarf_Die child;

    if (dwarf_child(scope, &child) != 0)
        return;
    do {
        int tag = dwarf_tag(&child);

        if (tag == DW_TAG_variable || tag == DW_TAG_formal_parameter)
            ask_variable(question, &child, function);
    } while (++seen < ENTRIES_LIMIT && dwarf_siblingof(&child, &child) == 0);
}

/* What variables of the frame are given relative to. */
static void find_base(struct question *question, Dwarf_Die *function)
{
    struct evaluation *e = &question->evaluation;
    Dwarf_Op *ops;
    size_t count;

    e->has_base = location_of(function, DW_AT_frame_base, question->pc, &ops, &count) &&
                  expression_evaluate(e, ops, count, &e->base);
}

static void ask_function(struct question *question, Dwarf_Die *unit)
{
    struct scopes scopes;
    const char *function = NULL;

    scopes_at(unit, question->pc, &scopes);
    for (unsigned i = 0; i < scopes.count; i++) {
        if (dwarf_tag(&scopes.entries[i]) == DW_TAG_subprogram)
            find_base(question, &scopes.entries[i]);
        if (scope_is_function(&scopes.entries[i]))
            function = dwarf_diename(&scopes.entries[i]);
        ask_scope(question, &scopes.entries[i], function ? function : "");
    }
}

/* The frame goes from its stack pointer up to its end, `frame_end`. */
static bool find_in_frame(const struct walk *walk, guest_addr frame_end, guest_addr address,
                          struct variable *variable)
{
    struct question question = {.evaluation = {.registers = &walk->registers,
                                               .start = walk->start,
                                               .has_cfa = true,
                                               .cfa = frame_end},
                                .pc = walk->pc,
                                .address = address,
                                .found = variable};
    Dwarf_Die unit;

    *variable = (struct variable){.function = ""};
    if (debug_info_unit(walk->debug, walk->pc, &unit))
        ask_function(&question, &unit);
    return variable->range.size != 0;
}

bool image_local_at(const struct image *image, const struct unwind_start *moment,
                    guest_addr address, struct variable *variable)
{
    struct walk walk;
    bool is_exception;

    walk_begin(&walk, image, moment);
    if (!walk.debug || !walk.debug->dwarf)
        return false;
    for (unsigned i = 0; i < FRAMES_LIMIT; i++) {
        guest_addr end;

        if (address < walk.registers.r[REG_SP])
            return false;
        if (cfi_frame_address(walk.debug, walk.pc, moment, &walk.registers, &end) && address < end)
            return find_in_frame(&walk, end, address, variable);
        if (!walk_out(&walk, &is_exception))
            return false;
    }
    return false;
}

/* ---- Parts ----------------------------------------------------------------------------------- */

static void append_name(struct variable *variable, const struct part *part)
{
    size_t used = strlen(variable->name);
    char *to = variable->name + used;
    size_t room = sizeof variable->name - used;

    if (part->kind == PART_ELEMENT)
        (void)snprintf(to, room, "[%u]", part->index);
    else if (part->name[0])
        (void)snprintf(to, room, ".%s", part->name);
}

/* A member that has others before it, so that whoever points to it means it and not the whole. */
static bool is_own_array(const struct part *part)
{
    return part->kind == PART_MEMBER && !part->is_first && type_is_array(part);
}

/* Whether a number or pointer that is a member itself lies on both sides of `end`. */
static bool cuts_member(struct part part, uint32_t end)
{
    for (unsigned i = 0; i < PARTS_LIMIT && type_step_into(&part, end); i++)
        if (type_is_indivisible(&part))
            return part.kind == PART_MEMBER && part.start < end;
    return false;
}

bool image_member_cut(const struct image *image, const struct variable *variable,
                      struct byte_range window, struct variable *member)
{
    uint32_t start = window.start - variable->range.start;
    struct part whole;
    struct part part;
    Dwarf_Die entry;

    if (!range_covers(variable->range, window) || !window.size ||
        !dwarf_offdie(debug_info_of(image)->dwarf, variable->entry, &entry) ||
        !type_whole(&entry, &whole) || !cuts_member(whole, start + window.size))
        return false;
    *member = *variable;
    part = whole;
    for (unsigned i = 0; i < PARTS_LIMIT && type_step_into(&part, start); i++) {
        append_name(member, &part);
        if (part.start == start && is_own_array(&part) && part.size < window.size) {
            member->range = (struct byte_range){window.start, part.size};
            return true;
        }
    }
    return false;
}
