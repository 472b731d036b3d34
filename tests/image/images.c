/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/image/images.h"

#include "sim/base/file.h"
#include "tests/cmocka.h"

#include <stdio.h>
#include <string.h>

static const struct byte_range places[] = {
    {0, FLASH_SIZE},
    {0x10001000, 0x1000},
    {RAM_BASE, RAM_SIZE},
};

const struct image_limits nrf52840_limits = {.places = places, .count = 3};

static void path_of(const char *name, char path[256])
{
    (void)snprintf(path, 256, "%s/%s", IMAGE_DIR, name);
}

struct image *load_built(const char *name)
{
    struct image *image;
    struct failure failure = {0};
    char path[256];

    path_of(name, path);
    if (image_load(&image, path, &nrf52840_limits, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    return image;
}

uint8_t *read_built(const char *name, size_t *size)
{
    uint8_t *bytes;
    struct failure failure = {0};
    char path[256];

    path_of(name, path);
    if (file_read(path, &bytes, size, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    return bytes;
}

guest_addr address_of(const struct image *image, const char *name)
{
    struct symbol symbol;

    if (!image_symbol_named(image, name, &symbol))
        fail_msg("%s has no symbol %s", image_path(image), name);
    return symbol.address;
}

void for_each_build(void (*test)(const char *name))
{
    char builds[1024];
    char name[128];

    (void)snprintf(builds, sizeof builds, "%s", IMAGE_BUILDS);
    for (char *rest = builds, *build; (build = strtok_r(rest, " ", &rest));) {
        (void)snprintf(name, sizeof name, "%s.elf", build);
        test(name);
    }
}
