/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/image/discarded.h"

#include "sim/base/bits.h"

#include <dwarf.h>
#include <gelf.h>
#include <string.h>

/* Where the ghosts go: the private peripheral bus, and far from the top so that nothing wraps. */
#define AWAY 0xe0000000u

/* From here on lengths are 64-bit ones (DWARF 5, 7.4), which no 32-bit compiler writes. */
#define LENGTH_ESCAPE 0xfffffff0u

struct cursor {
    uint8_t *at;
    uint8_t *end;
};

static size_t left(const struct cursor *cursor)
{
    return (size_t)(cursor->end - cursor->at);
}

static void skip(struct cursor *cursor, size_t size)
{
    cursor->at += size < left(cursor) ? size : left(cursor);
}

static unsigned take8(struct cursor *cursor)
{
    return left(cursor) ? *cursor->at++ : 0;
}

static uint32_t take(struct cursor *cursor, size_t size)
{
    uint32_t value = left(cursor) < size ? 0 : (uint32_t)load_le(cursor->at, size);

    skip(cursor, size);
    return value;
}

static uint32_t take_uleb(struct cursor *cursor)
{
    uint32_t value = 0;
    unsigned shift = 0;
    unsigned byte;

    do {
        byte = take8(cursor);
        if (shift < 32)
            value |= (uint32_t)(byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80);
    return value;
}

/* The next unit of a section of length-prefixed units; false at the end. */
static bool take_unit(struct cursor *section, struct cursor *unit)
{
    uint32_t length;

    if (left(section) < 4)
        return false;
    length = take(section, 4);
    if (length >= LENGTH_ESCAPE || length > left(section))
        return false;
    *unit = (struct cursor){section->at, section->at + length};
    skip(section, length);
    return true;
}

/* DW_LNE_set_address starts a sequence; every other operation is relative to it. */
static void move_extended(struct cursor *program)
{
    uint32_t length = take_uleb(program);
    struct cursor operand = {program->at, program->end};

    skip(program, length);
    if (length != 5 || take8(&operand) != DW_LNE_set_address || left(&operand) < 4)
        return;
    if (is_discarded_address(load_le32(operand.at)))
        store_le32(operand.at, AWAY);
}

static void move_lines(struct cursor *program, const uint8_t *operand_counts, unsigned opcode_base)
{
    while (left(program)) {
        unsigned opcode = take8(program);

        if (opcode == 0) {
            move_extended(program);
        } else if (opcode == DW_LNS_fixed_advance_pc && opcode < opcode_base) {
            skip(program, 2);
        } else if (opcode < opcode_base) {
            for (unsigned i = 0; i < operand_counts[opcode - 1]; i++)
                (void)take_uleb(program);
        }
    }
}

/* The header of a line number program (DWARF 5, 6.2.4; DWARF 4 and before). */
static void move_line_unit(struct cursor *unit)
{
    unsigned version = take(unit, 2);
    uint32_t header_length;
    unsigned opcode_base;
    struct cursor header;

    skip(unit, version >= 5 ? 2 : 0); /* sizes of addresses and of segment selectors */
    header_length = take(unit, 4);
    header = *unit;
    skip(unit, header_length);
    /* Minimum instruction length, operations per instruction, is_stmt, line base and range. */
    skip(&header, version >= 4 ? 5 : 4);
    opcode_base = take8(&header);
    if (version < 2 || version > 5 || !opcode_base || left(&header) < opcode_base - 1)
        return;
    move_lines(unit, header.at, opcode_base);
}

/* libdw finds a section as it is left here: decompressed, and in the same place. */
static struct cursor content(Elf_Scn *section, const GElf_Shdr *header)
{
    struct cursor none = {NULL, NULL};
    Elf_Data *data;

    if (header->sh_flags & SHF_COMPRESSED && elf_compress(section, 0, 0) < 0)
        return none;
    data = elf_rawdata(section, NULL);
    if (!data || !data->d_buf)
        return none;
    return (struct cursor){data->d_buf, (uint8_t *)data->d_buf + data->d_size};
}

static struct cursor find(const struct image *image, const char *name)
{
    Elf_Scn *section = NULL;
    size_t names;
    GElf_Shdr header;

    if (elf_getshdrstrndx(image->elf, &names) != 0)
        return (struct cursor){NULL, NULL};
    while ((section = elf_nextscn(image->elf, section))) {
        const char *found;

        if (!gelf_getshdr(section, &header) || header.sh_type == SHT_NOBITS)
            continue;
        found = elf_strptr(image->elf, names, header.sh_name);
        if (found && strcmp(found, name) == 0)
            return content(section, &header);
    }
    return (struct cursor){NULL, NULL};
}

void discarded_move_away(const struct image *image)
{
    struct cursor lines = find(image, ".debug_line");
    struct cursor unit;

    while (take_unit(&lines, &unit))
        move_line_unit(&unit);
}
