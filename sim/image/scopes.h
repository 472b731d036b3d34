/* SPDX-License-Identifier: Apache-2.0 */
/* The scopes of the source around an address: functions, functions inlined into them, blocks. */
#ifndef SIM_IMAGE_SCOPES_H
#define SIM_IMAGE_SCOPES_H

#include "sim/image/debug_info.h"

/* Scopes within one another at an address, and on the way through a unit. */
#define SCOPES_ROOM 64u

/* Entries looked at for one question; a large unit has some ten thousand, garbage may be a loop. */
#define ENTRIES_LIMIT 1000000u

/* Outermost first; those beyond SCOPES_ROOM are left out. */
struct scopes {
    Dwarf_Die entries[SCOPES_ROOM];
    unsigned count;
};

/* Those of `unit` that cover `pc`. */
void scopes_at(Dwarf_Die *unit, guest_addr pc, struct scopes *scopes);

/* A function, or one that was inlined; not a block within. */
bool scope_is_function(Dwarf_Die *scope);

/* The kinds of entries below which there is code, and with it variables. */
bool scope_has_code(int tag);

/* Scopes that have no code of their own but may have functions in them. */
bool scope_is_enclosing(int tag);

#endif
