/* SPDX-License-Identifier: Apache-2.0 */
/* Damaged images, the same ones each time: refused or answered, never a crash. */
#include "tests/image/images.h"

#include "sim/base/heap.h"
#include "sim/base/rng.h"
#include "tests/cmocka.h"

#include <string.h>

static bool read_memory(void *owner, guest_addr address, uint32_t *word)
{
    (void)owner;
    *word = address & 4 ? 0x00000155 : 0xfffffff9;
    return address >= RAM_BASE;
}

/* Questions all over the code: each opens and reads what is damaged. */
static void ask(const struct image *image)
{
    struct unwind_start start = {.read = read_memory};
    struct source_place places[4];
    struct frame frames[8];
    struct symbol symbol;

    start.r[13] = start.psp = RAM_BASE + 0x1000;
    start.r[14] = 0x155;
    for (guest_addr pc = 0x100; pc < 0x300; pc += 50) {
        start.r[15] = pc;
        (void)image_symbol_at(image, pc, &symbol);
        assert_in_range(image_places(image, pc, places, 4), 0, 4);
        assert_in_range(image_unwind(image, &start, frames, 8), 1, 8);
    }
}

/* Returns whether the image was accepted. */
static bool load_and_ask(const uint8_t *bytes, size_t size)
{
    struct failure failure = {0};
    struct image *image;

    if (image_load_bytes(&image, "damaged", bytes, size, &nrf52840_limits, &failure) != STATUS_OK) {
        assert_null(image);
        assert_non_null(strstr(failure.message, "damaged: "));
        return false;
    }
    ask(image);
    image_free(image);
    return true;
}

static void cut_everywhere(const char *name, unsigned count)
{
    size_t size;
    uint8_t *bytes = read_built(name, &size);

    for (unsigned i = 0; i < count; i++)
        (void)load_and_ask(bytes, size * i / count);
    assert_true(load_and_ask(bytes, size));
    heap_release(bytes);
}

static void flip_bits(const char *name, unsigned count, unsigned flips)
{
    struct rng rng;
    size_t size;
    uint8_t *bytes = read_built(name, &size);
    uint8_t *damaged = heap_allocate(size, 1);
    unsigned accepted = 0;

    rng_seed(&rng, 1);
    for (unsigned i = 0; i < count; i++) {
        memcpy(damaged, bytes, size);
        for (unsigned flip = 0; flip < flips; flip++)
            damaged[rng_between(&rng, 0, (uint32_t)size - 1)] ^=
                (uint8_t)(1u << rng_between(&rng, 0, 7));
        accepted += load_and_ask(damaged, size);
    }
    assert_true(accepted < count);
    heap_release(damaged);
    heap_release(bytes);
}

static void an_elf_cut_anywhere_does_no_harm(void **state)
{
    (void)state;
    cut_everywhere("gcc-O2.elf", 1000);
    cut_everywhere("clang-O2.elf", 1000);
}

static void an_intel_hex_file_cut_anywhere_does_no_harm(void **state)
{
    (void)state;
    cut_everywhere("gcc-O2.hex", 1000);
}

static void flipped_bits_of_an_elf_do_no_harm(void **state)
{
    (void)state;
    flip_bits("gcc-O2.elf", 600, 1);
    flip_bits("gcc-O2.elf", 600, 30);
    flip_bits("clang-O2-dwarf4.elf", 600, 30);
    flip_bits("gcc-O2-gz.elf", 300, 4);
}

static void flipped_bits_of_an_intel_hex_file_do_no_harm(void **state)
{
    (void)state;
    flip_bits("gcc-O2.hex", 2000, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_elf_cut_anywhere_does_no_harm),
        cmocka_unit_test(an_intel_hex_file_cut_anywhere_does_no_harm),
        cmocka_unit_test(flipped_bits_of_an_elf_do_no_harm),
        cmocka_unit_test(flipped_bits_of_an_intel_hex_file_do_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
