/* SPDX-License-Identifier: Apache-2.0 */
/* How variables are made up of members and elements, by the types in the debug information. */
#ifndef SIM_IMAGE_TYPES_H
#define SIM_IMAGE_TYPES_H

#include "sim/image/debug_info.h"

enum part_kind { PART_WHOLE, PART_MEMBER, PART_ELEMENT };

/* A variable, or a part of it. */
struct part {
    Dwarf_Die type; /* without typedefs and qualifiers */
    uint32_t start; /* offset from the variable's start */
    uint32_t size;
    enum part_kind kind; /* of what it is a part */
    uint32_t index;      /* ELEMENT: which */
    const char *name;    /* MEMBER: its name, "" if it has none. Owned by the image */
    bool is_first;       /* it starts where that starts */
};

/* The variable whose entry has `variable` as a whole; false when its size is no constant. */
bool type_whole(Dwarf_Die *variable, struct part *whole);

/*
 * Steps from `part` into the member or element that holds the byte at `offset` from the variable's
 * start. False when it has none there: it is a number or a pointer, a union (which member is meant
 * nobody knows), or `offset` is in padding or in a bit-field.
 */
bool type_step_into(struct part *part, uint32_t offset);

/* An array of more than one element. */
bool type_is_array(const struct part *part);

/* A number or pointer: it has no parts, and half of it means nothing. */
bool type_is_indivisible(const struct part *part);

#endif
