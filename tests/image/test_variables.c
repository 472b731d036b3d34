/* SPDX-License-Identifier: Apache-2.0 */
/* Static variables and what they are made of, in every build. Offsets are those of the Armv7-M ABI.
 */
#include "tests/image/images.h"

#include "tests/cmocka.h"

#include <string.h>

/* struct device of the test program. */
enum {
    FIRST = 0,
    SECOND = 8,
    PORTS = 16, /* two of 24 bytes: state, buffer of 14, used, owner */
    BUFFER = 4,
    USED = 18,
    OWNER = 20,
    PORT_SIZE = 24,
    EITHER = PORTS + 2 * PORT_SIZE,
    BITS = EITHER + 8,
    TABLE = BITS + 4,
    END = TABLE + 8,
    DEVICE_SIZE = END + 4,
};

static struct variable device_of(const struct image *image)
{
    struct variable device;
    guest_addr address = address_of(image, "device");

    assert_true(image_static_at(image, address + 5, &device));
    assert_int_equal(device.range.start, address);
    assert_int_equal(device.range.size, DEVICE_SIZE);
    assert_string_equal(device.name, "device");
    assert_string_equal(device.function, "");
    return device;
}

/* Whether a window of `size` bytes at offset `at` leaves a member; its name is then in `member`. */
static bool leaves(const struct image *image, uint32_t at, uint32_t size, struct variable *member)
{
    struct variable device = device_of(image);
    struct byte_range window = {device.range.start + at, size};

    return image_member_cut(image, &device, window, member);
}

static void assert_leaves(const struct image *image, uint32_t at, uint32_t size, const char *name,
                          uint32_t member_size)
{
    struct variable member;

    assert_true(leaves(image, at, size, &member));
    assert_string_equal(member.name, name);
    assert_int_equal(member.range.size, member_size);
    assert_int_equal(member.range.start, device_of(image).range.start + at);
}

static void assert_silent(const struct image *image, uint32_t at, uint32_t size)
{
    struct variable member;

    assert_false(leaves(image, at, size, &member));
}

static void find_members(const char *name)
{
    struct image *image = load_built(name);

    assert_leaves(image, SECOND, PORTS - SECOND + 2, "device.second", 8);
    assert_leaves(image, PORTS + BUFFER, 15, "device.ports[0].buffer", 14);
    assert_leaves(image, PORTS + BUFFER, OWNER + 1 - BUFFER, "device.ports[0].buffer", 14);
    assert_leaves(image, PORTS + PORT_SIZE + BUFFER, 15, "device.ports[1].buffer", 14);
    assert_leaves(image, TABLE, END + 3 - TABLE, "device.table", 6);
    image_free(image);
}

static void a_member_that_is_left_in_the_middle_of_a_number_is_named(void **state)
{
    (void)state;
    for_each_build(find_members);
}

static void pass_over_members(const char *name)
{
    struct image *image = load_built(name);

    assert_silent(image, SECOND, 8);                        /* all of it */
    assert_silent(image, PORTS + BUFFER, 16);               /* with the next member */
    assert_silent(image, PORTS + BUFFER, OWNER + 4);        /* into the next port's buffer */
    assert_silent(image, PORTS + BUFFER + 1, 14);           /* not from its start */
    assert_silent(image, FIRST, PORTS + 2);                 /* from the start of the whole */
    assert_silent(image, FIRST, 12);                        /* into another array */
    assert_silent(image, PORTS, BUFFER + 15);               /* from a number on */
    assert_silent(image, SECOND, EITHER + 3 - SECOND);      /* into a union */
    assert_silent(image, SECOND, BITS + 1 - SECOND);        /* into bit-fields */
    assert_silent(image, EITHER, BITS + 2 - EITHER);        /* out of a union */
    assert_silent(image, TABLE, END - TABLE);               /* up to padding's end */
    assert_silent(image, TABLE + 3, END + 2 - (TABLE + 3)); /* a row is no member */
    assert_silent(image, SECOND, DEVICE_SIZE);              /* out of the variable itself */
    image_free(image);
}

static void what_may_be_meant_is_not(void **state)
{
    (void)state;
    for_each_build(pass_over_members);
}

static void without_debug_information_no_variable_is_known(void **state)
{
    struct image *image = load_built("stripped.elf");
    struct variable variable;

    (void)state;
    assert_false(image_static_at(image, address_of(image, "device"), &variable));
    image_free(image);
}

static void functions_and_empty_memory_are_no_variables(void **state)
{
    struct image *image = load_built("gcc-O2.elf");
    struct variable variable;

    (void)state;
    assert_false(image_static_at(image, address_of(image, "main"), &variable));
    assert_false(image_static_at(image, RAM_BASE + 0x10000, &variable));
    image_free(image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_that_is_left_in_the_middle_of_a_number_is_named),
        cmocka_unit_test(what_may_be_meant_is_not),
        cmocka_unit_test(without_debug_information_no_variable_is_known),
        cmocka_unit_test(functions_and_empty_memory_are_no_variables),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
