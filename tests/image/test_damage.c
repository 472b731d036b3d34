/* SPDX-License-Identifier: Apache-2.0 */
/* Damaged images, the same ones each time: refused or answered, never a crash. */
#include "tests/image/images.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
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

struct original {
    uint8_t *bytes;
    size_t size;
};

static struct original original_of(const char *name)
{
    struct original original;

    original.bytes = read_built(name, &original.size);
    return original;
}

/* The raw binary in blocks of 256 bytes. */
static struct original original_uf2(void)
{
    struct original binary = original_of("gcc-O2.bin");
    uint32_t blocks = (uint32_t)(binary.size + 255) / 256;
    struct original uf2 = {heap_allocate(blocks, 512), (size_t)blocks * 512};

    for (uint32_t i = 0; i < blocks; i++) {
        uint32_t words[] = {0x0a324655, 0x9e5d5157, 0x2000, 256 * i, 256, i, blocks, 0xada52840};
        uint8_t *block = uf2.bytes + 512 * i;
        size_t left = binary.size - 256 * i;

        for (unsigned word = 0; word < ARRAY_LENGTH(words); word++)
            store_le32(block + 4 * word, words[word]);
        memcpy(block + 32, binary.bytes + 256 * i, left < 256 ? left : 256);
        store_le32(block + 508, 0x0ab16f30);
    }
    heap_release(binary.bytes);
    return uf2;
}

/* Both take the original over. */
static void cut_everywhere(struct original original, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        (void)load_and_ask(original.bytes, original.size * i / count);
    assert_true(load_and_ask(original.bytes, original.size));
    heap_release(original.bytes);
}

static void flip_bits(struct original original, unsigned count, unsigned flips)
{
    struct rng rng;
    uint8_t *damaged = heap_allocate(original.size, 1);
    unsigned accepted = 0;

    rng_seed(&rng, 1);
    for (unsigned i = 0; i < count; i++) {
        memcpy(damaged, original.bytes, original.size);
        for (unsigned flip = 0; flip < flips; flip++)
            damaged[rng_between(&rng, 0, (uint32_t)original.size - 1)] ^=
                (uint8_t)(1u << rng_between(&rng, 0, 7));
        accepted += load_and_ask(damaged, original.size);
    }
    assert_true(accepted < count);
    heap_release(damaged);
    heap_release(original.bytes);
}

static void files_cut_anywhere_do_no_harm(void **state)
{
    (void)state;
    cut_everywhere(original_of("gcc-O2.elf"), 1000);
    cut_everywhere(original_of("clang-O2.elf"), 1000);
    cut_everywhere(original_of("gcc-O2.hex"), 1000);
    cut_everywhere(original_uf2(), 1000);
}

static void flipped_bits_of_an_elf_do_no_harm(void **state)
{
    (void)state;
    flip_bits(original_of("gcc-O2.elf"), 300, 1);
    flip_bits(original_of("gcc-O2.elf"), 300, 30);
    flip_bits(original_of("clang-O2-dwarf4.elf"), 300, 30);
    flip_bits(original_of("gcc-O2-gz.elf"), 200, 4);
}

static void flipped_bits_of_an_intel_hex_file_do_no_harm(void **state)
{
    (void)state;
    flip_bits(original_of("gcc-O2.hex"), 1000, 1);
}

static void flipped_bits_of_a_uf2_file_do_no_harm(void **state)
{
    (void)state;
    flip_bits(original_uf2(), 1000, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_cut_anywhere_do_no_harm),
        cmocka_unit_test(flipped_bits_of_an_elf_do_no_harm),
        cmocka_unit_test(flipped_bits_of_an_intel_hex_file_do_no_harm),
        cmocka_unit_test(flipped_bits_of_a_uf2_file_do_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
