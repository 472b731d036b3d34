/* SPDX-License-Identifier: Apache-2.0 */
/* The functions and objects of an ELF file's symbol table. */
#ifndef SIM_IMAGE_SYMBOLS_H
#define SIM_IMAGE_SYMBOLS_H

#include "sim/image/image.h"

#include <libelf.h>

struct symbol_table;

/* Reads the symbol table of `elf`, whose strings must outlive the result. Empty if it has none;
 * entries that make no sense are left out. Released with symbols_free (NULL is fine). */
struct symbol_table *symbols_read(Elf *elf);

/* There is no entry in it, or no table. */
bool symbols_empty(const struct symbol_table *table);
void symbols_free(struct symbol_table *table);

bool symbols_at(const struct symbol_table *table, guest_addr address, struct symbol *symbol);
bool symbols_named(const struct symbol_table *table, const char *name, struct symbol *symbol);

#endif
