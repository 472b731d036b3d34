/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses in code are found as compilers write them, and look-alikes are not. */
#include "sim/image/references.h"
#include "tests/image/images.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "tests/cmocka.h"

#include <string.h>

static const struct byte_range peripherals = {0x40000000, 0x100000};

static unsigned count;
static guest_addr last_at;
static guest_addr last;

static void found(void *owner, guest_addr at, guest_addr address)
{
    (void)owner;
    count++;
    last_at = at;
    last = address;
}

/* A raw binary: a vector table, `code` behind it at 8, and 0x40027500 in the literal pool at 32. */
static void look_at(const uint16_t *code, size_t halfwords)
{
    uint8_t bytes[64] = {0};
    struct image_limits limits = nrf52840_limits;
    struct image *image;
    struct failure failure;

    store_le(bytes, 4, 0x20001000);
    store_le(bytes + 4, 4, 9);
    for (size_t i = 0; i < halfwords; i++)
        store_le(bytes + 8 + 2 * i, 2, code[i]);
    store_le(bytes + 32, 4, 0x40027500);
    limits.as_binary = true;
    if (image_load_bytes(&image, "file", bytes, sizeof bytes, &limits, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    count = 0;
    image_references(image, peripherals, found, NULL);
    image_free(image);
}

#define LOOK_AT(...)                                                                               \
    do {                                                                                           \
        const uint16_t code[] = {__VA_ARGS__};                                                     \
        look_at(code, ARRAY_LENGTH(code));                                                         \
    } while (0)

static void a_literal_is_found_where_it_is_loaded(void **state)
{
    (void)state;
    LOOK_AT(0x4b05); /* ldr r3, [pc, #20] */
    assert_int_equal(count, 1);
    assert_int_equal(last, 0x40027500);
    assert_int_equal(last_at, 8);
}

static void a_wide_load_of_a_literal_is_found(void **state)
{
    (void)state;
    LOOK_AT(0xf8df, 0x8014); /* ldr.w r8, [pc, #20] */
    assert_int_equal(count, 1);
    assert_int_equal(last, 0x40027500);
}

static void an_address_in_two_halves_is_found(void **state)
{
    (void)state;
    LOOK_AT(0xf247, 0x5304, 0xf2c4, 0x0302); /* movw r3, #0x7504; movt r3, #0x4002 */
    assert_int_equal(count, 1);
    assert_int_equal(last, 0x40027504);
    assert_int_equal(last_at, 8);
}

static void halves_of_two_registers_are_no_address(void **state)
{
    (void)state;
    LOOK_AT(0xf247, 0x5304, 0xf2c4, 0x0202); /* movw r3; movt r2 */
    assert_int_equal(count, 0);
}

static void a_word_nobody_loads_is_no_reference(void **state)
{
    (void)state;
    LOOK_AT(0xbf00); /* nop */
    assert_int_equal(count, 0);
    LOOK_AT(0xed9f, 0x7a05); /* vldr s14, [pc, #20]: a constant of the FPU */
    assert_int_equal(count, 0);
}

static void every_build_of_a_program_has_none_it_does_not_use(const char *name)
{
    struct image *image = load_built(name);

    count = 0;
    image_references(image, peripherals, found, NULL);
    if (count)
        fail_msg("%s: 0x%08x at 0x%08x", name, last, last_at);
    image_free(image);
}

static void a_program_without_peripherals_names_none(void **state)
{
    (void)state;
    for_each_build(every_build_of_a_program_has_none_it_does_not_use);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_literal_is_found_where_it_is_loaded),
        cmocka_unit_test(a_wide_load_of_a_literal_is_found),
        cmocka_unit_test(an_address_in_two_halves_is_found),
        cmocka_unit_test(halves_of_two_registers_are_no_address),
        cmocka_unit_test(a_word_nobody_loads_is_no_reference),
        cmocka_unit_test(a_program_without_peripherals_names_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
