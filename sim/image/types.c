/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/image/types.h"

#include <dwarf.h>

/* More typedefs, dimensions or members than this are garbage, which may be a loop. */
#define NAMES_LIMIT 32u
#define DIMENSIONS_LIMIT 16u
#define MEMBERS_LIMIT 4096u

static bool has_number(Dwarf_Die *entry, unsigned name, uint64_t *value)
{
    Dwarf_Attribute attribute;
    Dwarf_Word word;

    if (dwarf_formudata(dwarf_attr(entry, name, &attribute), &word) != 0)
        return false;
    *value = word;
    return true;
}

static bool is_only_a_name(int tag)
{
    return tag == DW_TAG_typedef || tag == DW_TAG_const_type || tag == DW_TAG_volatile_type ||
           tag == DW_TAG_restrict_type || tag == DW_TAG_atomic_type || tag == DW_TAG_packed_type;
}

/* The type of `entry`, a variable, a member or an array, without typedefs and qualifiers. */
static bool type_of(Dwarf_Die *entry, Dwarf_Die *type)
{
    Dwarf_Attribute attribute;

    if (!dwarf_formref_die(dwarf_attr_integrate(entry, DW_AT_type, &attribute), type))
        return false;
    for (unsigned i = 0; i < NAMES_LIMIT; i++) {
        Dwarf_Die named = *type;

        if (!is_only_a_name(dwarf_tag(type)))
            return true;
        if (!dwarf_formref_die(dwarf_attr(&named, DW_AT_type, &attribute), type))
            return false;
    }
    return false;
}

/* ---- Arrays ---------------------------------------------------------------------------------- */

/* How many elements one dimension has; false when it is no constant. */
static bool extent_of(Dwarf_Die *dimension, uint64_t *extent)
{
    uint64_t last;

    if (has_number(dimension, DW_AT_count, extent))
        return *extent <= UINT32_MAX;
    if (!has_number(dimension, DW_AT_upper_bound, &last) || last >= UINT32_MAX)
        return false;
    *extent = last + 1;
    return true;
}

/* All dimensions of one array type: how many elements it has in the end. */
static bool elements_of(Dwarf_Die *array, uint64_t *count)
{
    Dwarf_Die child;
    unsigned dimensions = 0;

    *count = 1;
    if (dwarf_child(array, &child) != 0)
        return false;
    do {
        uint64_t extent;

        if (dwarf_tag(&child) != DW_TAG_subrange_type || !extent_of(&child, &extent) ||
            ++dimensions > DIMENSIONS_LIMIT || *count * extent > UINT32_MAX)
            return false;
        *count *= extent;
    } while (dwarf_siblingof(&child, &child) == 0);
    return true;
}

#define POINTER_SIZE 4u

static bool is_pointer(Dwarf_Die *type)
{
    int tag = dwarf_tag(type);

    return tag == DW_TAG_pointer_type || tag == DW_TAG_reference_type ||
           tag == DW_TAG_rvalue_reference_type;
}

/* Arrays of arrays come from typedefs of arrays. */
static bool size_of(Dwarf_Die *type, uint32_t *size)
{
    Dwarf_Die element = *type;
    uint64_t total = 1;
    uint64_t bytes = POINTER_SIZE; /* clang says it of everything but a pointer */

    for (unsigned i = 0; i < DIMENSIONS_LIMIT; i++) {
        uint64_t count;

        if (has_number(&element, DW_AT_byte_size, &bytes) || is_pointer(&element)) {
            if (bytes > UINT32_MAX || total * bytes > UINT32_MAX)
                return false;
            *size = (uint32_t)(total * bytes);
            return true;
        }
        if (dwarf_tag(&element) != DW_TAG_array_type || !elements_of(&element, &count))
            return false;
        total *= count;
        if (total > UINT32_MAX || !type_of(&element, &element))
            return false;
    }
    return false;
}

static bool step_into_array(struct part *part, uint32_t offset)
{
    Dwarf_Die element;
    uint32_t size;

    if (!type_of(&part->type, &element) || !size_of(&element, &size) || !size)
        return false;
    part->index = (offset - part->start) / size;
    part->start += part->index * size;
    part->size = size;
    part->type = element;
    part->kind = PART_ELEMENT;
    part->is_first = part->index == 0;
    return true;
}

/* ---- Structures ------------------------------------------------------------------------------ */

/* Where `member` begins in its structure; false for what has no place of its own in bytes. */
static bool place_of(Dwarf_Die *member, uint64_t *place)
{
    int tag = dwarf_tag(member);

    if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) ||
        dwarf_hasattr(member, DW_AT_bit_size) || dwarf_hasattr(member, DW_AT_declaration))
        return false;
    return has_number(member, DW_AT_data_member_location, place);
}

static bool step_into_structure(struct part *part, uint32_t offset)
{
    Dwarf_Die member;
    unsigned seen = 0;

    if (dwarf_child(&part->type, &member) != 0)
        return false;
    do {
        uint32_t within = offset - part->start;
        Dwarf_Die type;
        uint64_t place;
        uint32_t size;

        if (!place_of(&member, &place) || place > within || !type_of(&member, &type) ||
            !size_of(&type, &size) || within - place >= size)
            continue;
        part->type = type;
        part->start += (uint32_t)place;
        part->size = size;
        part->kind = PART_MEMBER;
        part->is_first = place == 0;
        part->name = dwarf_diename(&member);
        if (!part->name)
            part->name = "";
        return true;
    } while (++seen < MEMBERS_LIMIT && dwarf_siblingof(&member, &member) == 0);
    return false;
}

/* ---- Parts ----------------------------------------------------------------------------------- */

bool type_whole(Dwarf_Die *variable, struct part *whole)
{
    *whole = (struct part){.kind = PART_WHOLE, .is_first = true, .name = ""};
    return type_of(variable, &whole->type) && size_of(&whole->type, &whole->size) && whole->size;
}

bool type_step_into(struct part *part, uint32_t offset)
{
    int tag = dwarf_tag(&part->type);

    if (offset < part->start || offset - part->start >= part->size)
        return false;
    if (tag == DW_TAG_array_type)
        return step_into_array(part, offset);
    if (tag == DW_TAG_structure_type || tag == DW_TAG_class_type)
        return step_into_structure(part, offset);
    return false;
}

bool type_is_array(const struct part *part)
{
    struct part element = *part;

    return dwarf_tag(&element.type) == DW_TAG_array_type && type_step_into(&element, part->start) &&
           element.size < part->size;
}

bool type_is_indivisible(const struct part *part)
{
    Dwarf_Die type = part->type;
    int tag = dwarf_tag(&type);

    return tag == DW_TAG_base_type || tag == DW_TAG_enumeration_type || is_pointer(&type);
}
