/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/image/debug_info.h"

#include "sim/base/heap.h"

struct debug_info *debug_info_new(void)
{
    return heap_allocate(1, sizeof(struct debug_info));
}

bool image_has_debug_info(const struct image *image)
{
    const uint8_t *bytes;
    size_t size;

    return image_section(image, ".debug_info", &bytes, &size) && size > 0;
}

void debug_info_close(struct debug_info *debug)
{
    heap_release(debug);
}
