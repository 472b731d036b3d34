/* SPDX-License-Identifier: Apache-2.0 */
/* fencepost inspect: what an image is, before it is run. */
#include "sim/cli/inspect.h"
#include "sim/base/bits.h"
#include "sim/base/heap.h"
#include "sim/base/text.h"
#include "sim/cli/cli.h"
#include "sim/image/references.h"
#include "sim/mem/map.h"
#include "sim/soc/machine.h"
#include "sim/soc/nrf52840.h"

#include <inttypes.h>
#include <string.h>

static const char help[] =
    "Usage: fencepost inspect IMAGE...\n"
    "Says what a firmware image is, without running it: format and debug information, what goes\n"
    "where in memory, the vector table and what is odd about it, whether a boot loader or a\n"
    "SoftDevice is expected below it, and which blocks of the chip its code names.\n"
    "\n"
    "Exit status: 0, or 2 when an image cannot be read.\n"
    "\n"
    "Example: fencepost inspect build/firmware/gcc-O2/usb-5.elf\n";

/* The SoftDevice's information structure: 0x2000 above where it begins. */
enum { SOFTDEVICE_AT = 0x1000, INFORMATION = 0x3000 };
enum { BOOT_LOADER_WORD = 0xff8, UICR_NRFFW_0 = 0x10001014 };
#define SOFTDEVICE_MAGIC 0x51b1e5dbu

/* ---- What it is, and where it goes ----------------------------------------------------------- */

static const char *format_name(enum image_format format)
{
    switch (format) {
    case IMAGE_ELF:
        return "ELF";
    case IMAGE_HEX:
        return "Intel HEX";
    case IMAGE_UF2:
        return "UF2";
    case IMAGE_BIN:
        return "raw binary";
    }
    return "";
}

static void print_head(const struct inspection *inspection)
{
    const struct image *image = inspection->image;
    const char *id = image_build_id(image);
    const uint8_t *fences;
    size_t size;

    text_printf(inspection->out, "%s\n  format       %s, %s debug information\n", image_path(image),
                format_name(image_format(image)), image_has_debug_info(image) ? "with" : "without");
    text_printf(inspection->out, "  build id     %s\n", *id ? id : "none");
    if (image_section(image, ".fencepost.fences", &fences, &size))
        text_printf(inspection->out, "  fences       %zu recorded compiler fences\n", size / 4);
    if (*image_note(image))
        text_printf(inspection->out, "  note         %s\n", image_note(image));
}

static const char *memory_name(guest_addr address)
{
    if (address - FLASH_BASE < FLASH_SIZE)
        return "flash";
    if (address - RAM_BASE < RAM_SIZE)
        return "Data RAM";
    return address - UICR_BASE < INFO_SIZE ? "UICR" : "elsewhere";
}

static void print_memory(const struct inspection *inspection)
{
    for (unsigned i = 0; i < image_segment_count(inspection->image); i++) {
        struct image_segment segment = image_segment(inspection->image, i);

        text_printf(inspection->out, "  %-12s 0x%08x to 0x%08x, %u bytes of %s\n",
                    i ? "" : "memory", segment.address, segment.address + segment.size - 1,
                    segment.size, memory_name(segment.address));
    }
}

/* ---- What has to stand below it -------------------------------------------------------------- */

/* Where applications of the SDKs begin, and behind what. */
static const struct place {
    guest_addr address;
    const char *behind;
} places[] = {
    {0x00001000, "a master boot record, and perhaps a boot loader at the top of flash"},
    {0x00019000, "SoftDevice S112"},
    {0x0001c000, "SoftDevice S113"},
    {0x00023000, "SoftDevice S132 5"},
    {0x00026000, "SoftDevice S132 6 or 7, or S140 6"},
    {0x00027000, "SoftDevice S140 7"},
    {0x00031000, "SoftDevice S340"},
};

static void print_softdevice(const struct inspection *inspection)
{
    uint32_t id = 0;
    uint32_t version = 0;

    (void)image_word(inspection->image, INFORMATION + 0x10, &id);
    (void)image_word(inspection->image, INFORMATION + 0x14, &version);
    if (id == UINT32_MAX)
        text_printf(inspection->out, "  contains     a SoftDevice at 0x%08x\n", SOFTDEVICE_AT);
    else
        text_printf(inspection->out, "  contains     SoftDevice S%u %u.%u.%u at 0x%08x\n", id,
                    version / 1000000, version / 1000 % 1000, version % 1000, SOFTDEVICE_AT);
}

static bool is_page_of_flash(guest_addr address)
{
    return address && address % FLASH_PAGE == 0 && address - FLASH_BASE < FLASH_SIZE;
}

/* Where the master boot record finds a boot loader: a word of its own, or UICR.NRFFW[0]. */
static void print_boot_loader(const struct inspection *inspection)
{
    static const guest_addr words[] = {BOOT_LOADER_WORD, UICR_NRFFW_0};
    uint32_t address;

    for (unsigned i = 0; i < ARRAY_LENGTH(words); i++) {
        if (image_word(inspection->image, words[i], &address) && is_page_of_flash(address)) {
            text_printf(inspection->out, "  contains     a boot loader at 0x%08x, says %s\n",
                        address, words[i] == UICR_NRFFW_0 ? "UICR" : "the word at 0xff8");
            return;
        }
    }
}

static void print_boot(const struct inspection *inspection)
{
    guest_addr table = image_vector_table(inspection->image);
    uint32_t magic;
    const char *behind = "a boot loader or another image";

    if (image_word(inspection->image, INFORMATION + 4, &magic) && magic == SOFTDEVICE_MAGIC)
        print_softdevice(inspection);
    print_boot_loader(inspection);
    for (unsigned i = 0; i < ARRAY_LENGTH(places); i++) {
        if (places[i].address == table)
            behind = places[i].behind;
    }
    if (table == FLASH_BASE)
        text_printf(inspection->out, "  boots        by itself\n");
    else
        text_printf(inspection->out,
                    "  boots        behind %s: give that too, or it begins at its own vectors\n",
                    behind);
}

/* ---- Blocks of the chip ---------------------------------------------------------------------- */

enum { BLOCKS = 96 };

struct use {
    const char *block;
    unsigned places; /* of the code; 0: its base stands in a table */
    guest_addr address;
};

struct uses {
    const struct bus *bus;
    unsigned count;
    struct use use[BLOCKS];
};

/* The entry of the block at `address`, added if need be; NULL if there is no block or no room. */
static unsigned *places_of(struct uses *uses, guest_addr address)
{
    const char *block = bus_block_name(uses->bus, address);
    unsigned i = 0;

    while (block && i < uses->count && strcmp(uses->use[i].block, block) != 0)
        i++;
    if (!block || i == BLOCKS)
        return NULL;
    if (i == uses->count) {
        uses->use[i].block = block;
        uses->use[i].places = 0;
        uses->use[i].address = address;
        uses->count++;
    }
    return &uses->use[i].places;
}

static void count_use(void *owner, guest_addr at, guest_addr address)
{
    unsigned *count = places_of(owner, address);

    (void)at;
    if (count)
        ++*count;
}

/* Drivers of some languages keep the base of their block in a table. The first base is left out:
 * as a number it is 2.0, and everybody uses that block. */
static void look_into_tables(const struct image *image, struct byte_range within, struct uses *uses)
{
    for (unsigned i = 0; i < image_segment_count(image); i++) {
        struct image_segment segment = image_segment(image, i);

        for (uint32_t offset = (0 - segment.address) & 3u; offset + 4 <= segment.size;
             offset += 4) {
            uint32_t word = load_le32(segment.bytes + offset);

            if (word % REGFILE_SIZE == 0 && word != APB_BASE && word - within.start < within.size)
                (void)places_of(uses, word);
        }
    }
}

/* Blocks whose name is all there is of them. */
static bool is_modelled(guest_addr address)
{
    const struct block_spec *spec;

    for (unsigned i = 0; (spec = nrf52840_spec(i)); i++) {
        if (address - spec->base < REGFILE_SIZE)
            return true;
    }
    return false;
}

static void print_use(struct text *out, const char *title, const struct use *use)
{
    text_printf(out, "  %-12s %s, ", title, use->block);
    if (use->places)
        text_printf(out, "in %u place%s", use->places, use->places == 1 ? "" : "s");
    else
        text_printf(out, "in data");
    text_printf(out, "%s\n", is_modelled(use->address) ? "" : ": not modelled");
}

static void print_blocks(const struct inspection *inspection)
{
    static const struct byte_range peripherals[] = {{APB_BASE, 0x00100000}, {AHB_BASE, 0x00100000}};
    struct uses uses = {.bus = machine_bus(inspection->machine)};

    for (unsigned i = 0; i < ARRAY_LENGTH(peripherals); i++)
        image_references(inspection->image, peripherals[i], count_use, &uses);
    for (unsigned i = 0; i < ARRAY_LENGTH(peripherals); i++)
        look_into_tables(inspection->image, peripherals[i], &uses);
    for (unsigned i = 0; i < uses.count; i++)
        print_use(inspection->out, i ? "" : "blocks named", &uses.use[i]);
    if (!uses.count)
        text_printf(inspection->out, "  blocks named none\n");
}

/* ---------------------------------------------------------------------------------------------- */

static int inspect(const char *path, struct text *out)
{
    struct inspection inspection = {.out = out};
    struct failure failure;
    int code = EXIT_CLEAN;

    if (machine_create(&inspection.machine, NULL, &failure) != STATUS_OK)
        return cli_failure(&failure);
    if (machine_load(inspection.machine, path, &failure) != STATUS_OK) {
        code = cli_failure(&failure);
    } else {
        inspection.image = machine_image(inspection.machine);
        print_head(&inspection);
        print_memory(&inspection);
        inspect_vectors(&inspection);
        print_boot(&inspection);
        print_blocks(&inspection);
    }
    machine_destroy(inspection.machine);
    return code;
}

static bool any(const char *name)
{
    (void)name;
    return true;
}

int command_inspect(int argc, char **argv)
{
    struct text out = {0};
    int code = cli_read_names(argc, argv, help, "image", any);

    if (code >= 0)
        return code;
    if (argc < 2)
        return cli_usage_error("inspect", "a firmware image is needed");
    code = EXIT_CLEAN;
    for (int i = 1; i < argc && code == EXIT_CLEAN; i++) {
        if (i > 1)
            text_printf(&out, "\n");
        code = inspect(argv[i], &out);
    }
    cli_print(text_string(&out));
    text_free(&out);
    return cli_finish(code);
}
