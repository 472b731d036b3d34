/* SPDX-License-Identifier: Apache-2.0 */
/* The DWARF information of an image, opened when it is first asked for. */
#ifndef SIM_IMAGE_DEBUG_INFO_H
#define SIM_IMAGE_DEBUG_INFO_H

#include "sim/image/image_state.h"

#include <elfutils/libdw.h>

/* The compile unit that covers a range of code. */
struct unit_range {
    guest_addr start;
    guest_addr end; /* one past */
    Dwarf_Off unit; /* offset of the unit's entry */
};

struct debug_info {
    Dwarf *dwarf;         /* NULL: no .debug_info that can be read */
    Dwarf_CFI *frames[2]; /* .debug_frame (owned by dwarf), .eh_frame; NULL if absent */
    struct unit_range *ranges;
    size_t range_count;
    size_t range_capacity;
    /* File names cut at the compile directory, each once. */
    char **names;
    size_t name_count;
};

/* Nothing is read yet. Released with debug_info_close (NULL is fine). */
struct debug_info *debug_info_new(void);
void debug_info_close(struct debug_info *debug);

#endif
