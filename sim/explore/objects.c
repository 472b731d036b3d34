/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/objects.h"

#include <string.h>

/* A symbol with a size that is no function: a variable or an array. */
bool object_at(void *image, guest_addr address, struct byte_range *object)
{
    struct symbol symbol;

    if (!image_symbol_at(image, address, &symbol) || symbol.is_function || !symbol.size)
        return false;
    *object = (struct byte_range){symbol.address, symbol.size};
    return true;
}

/* The array a stack is made of is an object too. What lies above its pointer may be a variable. */
static bool may_be_on_stack(const struct image *image, const struct site *site, guest_addr address)
{
    guest_addr pointer = site->r[13];
    struct byte_range object;

    if (address < pointer)
        return false;
    return !object_at((void *)(uintptr_t)image, address, &object) ||
           range_contains(object, pointer);
}

static bool local_variable(const struct image *image, const struct site *site, guest_addr address,
                           struct variable *variable)
{
    struct kept_memory kept = {.image = image};
    struct unwind_start moment = {
        .msp = site->msp, .psp = site->psp, .read = kept_memory_read, .owner = &kept};

    if (!may_be_on_stack(image, site, address))
        return false;
    for (unsigned i = 0; i < 2; i++)
        kept.piece[i] =
            (struct image_segment){site->stack[i].base, site->stack[i].size, site->stack[i].bytes};
    memcpy(moment.r, site->r, sizeof moment.r);
    moment.r[15] = site->pc;
    return image_local_at(image, &moment, address, variable);
}

/*
 * A large object that is sent piece by piece, each as long as the others, may be cut anywhere, and
 * a piece may begin with a member by chance.
 */
static bool is_one_of_equal_pieces(const struct variable *variable, struct byte_range window)
{
    return (window.start - variable->range.start) % window.size == 0;
}

static bool variable_left(const struct image *image, const struct variable *variable,
                          struct byte_range window, struct byte_range *object)
{
    struct variable member;

    *object = variable->range;
    if (!range_covers(variable->range, window))
        return true;
    if (is_one_of_equal_pieces(variable, window) ||
        !image_member_cut(image, variable, window, &member))
        return false;
    *object = member.range;
    return true;
}

bool object_left(void *owner, const struct site *site, struct byte_range window,
                 struct byte_range *object)
{
    const struct image *image = owner;
    struct variable variable;

    if (local_variable(image, site, window.start, &variable))
        return variable_left(image, &variable, window, object);
    if (object_at(owner, window.start, object) && !range_covers(*object, window))
        return true;
    return image_static_at(image, window.start, &variable) &&
           variable_left(image, &variable, window, object);
}
