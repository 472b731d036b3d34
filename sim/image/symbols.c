/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/image/symbols.h"

#include "sim/base/heap.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    struct symbol symbol;
    uint32_t extent;     /* its size; of a function without one, the way to the next symbol */
    uint32_t reach;      /* last address that this entry or one before it covers */
    unsigned preference; /* among symbols of the same place: the lowest names it */
};

/* By address, then the preferred first. */
struct symbol_table {
    struct entry *entries;
    size_t count;
};

enum preference { PREFER_GLOBAL, PREFER_WEAK, PREFER_LOCAL, PREFER_LABEL };

static unsigned preference_of(const GElf_Sym *sym)
{
    if (GELF_ST_TYPE(sym->st_info) == STT_NOTYPE)
        return PREFER_LABEL;
    if (GELF_ST_BIND(sym->st_info) == STB_LOCAL)
        return PREFER_LOCAL;
    return GELF_ST_BIND(sym->st_info) == STB_WEAK ? PREFER_WEAK : PREFER_GLOBAL;
}

static bool is_wanted(const GElf_Sym *sym, const char *name)
{
    unsigned type = GELF_ST_TYPE(sym->st_info);

    /* Mapping symbols ($t, $d, $a) say what kind of bytes follow, they name nothing (AAELF32). */
    if (!name || !name[0] || name[0] == '$' || sym->st_shndx == SHN_UNDEF)
        return false;
    /* Plain labels: entries of an assembly file, and what the linker script defines. */
    return type == STT_FUNC || type == STT_OBJECT || type == STT_NOTYPE;
}

static const char *section_name(Elf *elf, const GElf_Sym *sym, GElf_Shdr *header)
{
    size_t names;
    const char *name = NULL;

    *header = (GElf_Shdr){0};
    if (sym->st_shndx < SHN_LORESERVE && elf_getshdrstrndx(elf, &names) == 0 &&
        gelf_getshdr(elf_getscn(elf, sym->st_shndx), header))
        name = elf_strptr(elf, names, header->sh_name);
    return name ? name : "";
}

static void add(struct symbol_table *table, Elf *elf, const GElf_Sym *sym, const char *name)
{
    bool is_label = GELF_ST_TYPE(sym->st_info) == STT_NOTYPE;
    bool is_function;
    GElf_Shdr header;
    const char *section = section_name(elf, sym, &header);
    guest_addr address = (guest_addr)sym->st_value;

    is_function =
        is_label ? (header.sh_flags & SHF_EXECINSTR) != 0 : GELF_ST_TYPE(sym->st_info) == STT_FUNC;
    table->entries[table->count++] =
        (struct entry){.symbol = {.name = name,
                                  .section = section,
                                  .address = is_function ? address & ~1u : address,
                                  .size = (uint32_t)sym->st_size,
                                  .is_function = is_function,
                                  .is_local = GELF_ST_BIND(sym->st_info) == STB_LOCAL},
                       .preference = preference_of(sym)};
}

static int by_address(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;

    if (a->symbol.address != b->symbol.address)
        return a->symbol.address < b->symbol.address ? -1 : 1;
    if (a->preference != b->preference)
        return a->preference < b->preference ? -1 : 1;
    return strcmp(a->symbol.name, b->symbol.name);
}

/* A function of an assembly file may have no size: it goes on to the next symbol, at most 4 KiB. */
static uint32_t extent_of(const struct symbol_table *table, size_t index)
{
    const struct symbol *symbol = &table->entries[index].symbol;

    if (symbol->size || !symbol->is_function)
        return symbol->size;
    for (size_t next = index + 1; next < table->count; next++) {
        uint32_t gap = table->entries[next].symbol.address - symbol->address;

        if (gap)
            return gap < 4096 ? gap : 4096;
    }
    return 4096;
}

static void measure(struct symbol_table *table)
{
    uint32_t reach = 0;

    for (size_t i = 0; i < table->count; i++) {
        struct entry *entry = &table->entries[i];
        uint32_t start = entry->symbol.address;
        uint32_t last;

        entry->extent = extent_of(table, i);
        last = entry->extent ? start + (entry->extent - 1) : start;
        if (last < start)
            last = UINT32_MAX;
        if (last > reach)
            reach = last;
        entry->reach = reach;
    }
}

static Elf_Scn *find_section(Elf *elf, GElf_Word type, GElf_Shdr *header)
{
    Elf_Scn *section = NULL;

    while ((section = elf_nextscn(elf, section)))
        if (gelf_getshdr(section, header) && header->sh_type == type)
            return section;
    return NULL;
}

struct symbol_table *symbols_read(Elf *elf)
{
    struct symbol_table *table = heap_allocate(1, sizeof *table);
    GElf_Shdr header;
    Elf_Scn *section = find_section(elf, SHT_SYMTAB, &header);
    Elf_Data *data = section ? elf_getdata(section, NULL) : NULL;
    size_t count = data && data->d_buf ? data->d_size / sizeof(Elf32_Sym) : 0;

    table->entries = heap_allocate(count, sizeof *table->entries);
    for (size_t i = 0; i < count; i++) {
        GElf_Sym sym;
        const char *name = NULL;

        if (gelf_getsym(data, (int)i, &sym))
            name = elf_strptr(elf, header.sh_link, sym.st_name);
        if (name && is_wanted(&sym, name))
            add(table, elf, &sym, name);
    }
    if (table->count)
        qsort(table->entries, table->count, sizeof *table->entries, by_address);
    measure(table);
    return table;
}

bool symbols_empty(const struct symbol_table *table)
{
    return !table || !table->count;
}

void symbols_free(struct symbol_table *table)
{
    if (table)
        heap_release(table->entries);
    heap_release(table);
}

/* How many entries start at or below `address`. */
static size_t entries_up_to(const struct symbol_table *table, guest_addr address)
{
    size_t low = 0;
    size_t high = table->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (table->entries[middle].symbol.address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The smaller symbol is the better answer, but a size that was written beats one we inferred. */
static bool is_better(const struct entry *entry, const struct entry *best)
{
    if (!best)
        return true;
    if (!entry->symbol.size != !best->symbol.size)
        return entry->symbol.size != 0;
    if (entry->extent != best->extent)
        return entry->extent < best->extent;
    return entry->symbol.address == best->symbol.address && entry->preference < best->preference;
}

bool symbols_at(const struct symbol_table *table, guest_addr address, struct symbol *symbol)
{
    const struct entry *best = NULL;

    if (!table)
        return false;
    for (size_t i = entries_up_to(table, address); i-- > 0;) {
        const struct entry *entry = &table->entries[i];

        if (entry->reach < address)
            break;
        if (address - entry->symbol.address < entry->extent && is_better(entry, best))
            best = entry;
    }
    if (best)
        *symbol = best->symbol;
    return best != NULL;
}

bool symbols_named(const struct symbol_table *table, const char *name, struct symbol *symbol)
{
    const struct entry *best = NULL;

    for (size_t i = 0; table && i < table->count; i++) {
        const struct entry *entry = &table->entries[i];

        if (strcmp(entry->symbol.name, name) == 0 &&
            (!best || entry->preference < best->preference))
            best = entry;
    }
    if (best)
        *symbol = best->symbol;
    return best != NULL;
}
