/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/image/scopes.h"
#include "sim/image/discarded.h"

#include <dwarf.h>

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

bool scope_is_enclosing(int tag)
{
    return tag == DW_TAG_namespace || tag == DW_TAG_module || tag == DW_TAG_class_type ||
           tag == DW_TAG_structure_type;
}

bool scope_has_code(int tag)
{
    return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine ||
           tag == DW_TAG_lexical_block || tag == DW_TAG_try_block || tag == DW_TAG_catch_block;
}

bool scope_is_function(Dwarf_Die *scope)
{
    int tag = dwarf_tag(scope);

    return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine;
}

/*
 * Walks down from `unit` to the innermost scope that covers `pc`. path[] holds the scopes to come
 * back to; once a scope covers `pc` there is no way back, all else is in that scope.
 */
void scopes_at(Dwarf_Die *unit, guest_addr pc, struct scopes *scopes)
{
    Dwarf_Die path[SCOPES_ROOM];
    Dwarf_Die child;
    unsigned depth = 0;
    bool has_entry = dwarf_child(unit, &path[0]) == 0;

    scopes->count = 0;
    for (unsigned i = 0; has_entry && i < ENTRIES_LIMIT; i++) {
        Dwarf_Die *entry = &path[depth];
        int tag = dwarf_tag(entry);

        if (scope_has_code(tag) && covers(entry, pc)) {
            if (scopes->count < SCOPES_ROOM)
                scopes->entries[scopes->count++] = *entry;
            has_entry = dwarf_child(entry, &child) == 0;
            depth = 0;
            path[0] = child;
            continue;
        }
        if (scope_is_enclosing(tag) && depth + 1 < SCOPES_ROOM && dwarf_child(entry, &child) == 0) {
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
