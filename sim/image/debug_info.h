/* SPDX-License-Identifier: Apache-2.0 */
/* The DWARF information of an image, opened when it is first asked for. */
#ifndef SIM_IMAGE_DEBUG_INFO_H
#define SIM_IMAGE_DEBUG_INFO_H

#include "sim/image/image_state.h"

#include <elfutils/libdw.h>

/* A range of code that a compile unit says to cover. */
struct unit_range {
    guest_addr start;
    guest_addr end; /* one past */
    Dwarf_Off unit; /* offset of the unit's entry */
};

/* A variable that always has the same address. */
struct static_variable {
    guest_addr address;
    Dwarf_Off entry;
};

struct debug_info {
    bool is_open;
    Dwarf *dwarf;         /* NULL: nothing libdw can read */
    Dwarf_CFI *frames[2]; /* .debug_frame, .eh_frame; NULL: absent */
    struct unit_range *ranges;
    size_t range_count;
    size_t range_capacity;
    bool knows_statics; /* `statics`, by address, were looked for */
    struct static_variable *statics;
    size_t static_count;
    size_t static_capacity;
};

/* Nothing is read yet. Released with debug_info_close (NULL is fine). */
struct debug_info *debug_info_new(void);
void debug_info_close(struct debug_info *debug);

/* Opens on the first call. NULL if the image has nothing libdw can read. */
struct debug_info *debug_info_of(const struct image *image);

/* The entry of the compile unit that covers `pc`; false if none does. */
bool debug_info_unit(const struct debug_info *debug, guest_addr pc, Dwarf_Die *unit);

#endif
