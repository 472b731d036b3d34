/* SPDX-License-Identifier: Apache-2.0 */
/* From addresses to functions and lines, in every build. Lines are looked up in the source. */
#include "tests/image/images.h"

#include "tests/cmocka.h"

#include <stdio.h>
#include <string.h>

#define SOURCE "tests/image/firmware/chain.c"

/* The number of the line of the test program that contains `text`. */
static unsigned line_with(const char *text)
{
    char line[256];
    unsigned number = 0;
    unsigned found = 0;
    FILE *file = fopen(SOURCE, "r");

    assert_non_null(file);
    while (!found && fgets(line, sizeof line, file)) {
        number++;
        if (strstr(line, text))
            found = number;
    }
    assert_int_equal(fclose(file), 0);
    assert_int_not_equal(found, 0);
    return found;
}

static bool is_place(const struct source_place *place, const char *function, unsigned line,
                     bool inlined)
{
    return strcmp(place->function, function) == 0 && strcmp(place->file, SOURCE) == 0 &&
           place->line == line && place->inlined == inlined;
}

/* Whether an instruction of leaf() comes from the store in set_marker(), inlined twice. */
static bool has_chain(const struct image *image, unsigned call_line)
{
    unsigned store = line_with("line of the store");
    unsigned outer = line_with("call of mark_twice");
    struct symbol leaf;
    struct source_place places[8];

    assert_true(image_symbol_named(image, "leaf", &leaf));
    for (uint32_t i = 0; i < leaf.size; i += 2)
        if (image_places(image, leaf.address + i, places, 8) == 3 &&
            is_place(&places[0], "set_marker", store, true) &&
            is_place(&places[1], "mark_twice", call_line, true) &&
            is_place(&places[2], "leaf", outer, false) && places[0].column != 0)
            return true;
    return false;
}

static void find_both_chains(const char *name)
{
    struct image *image = load_built(name);

    if (!has_chain(image, line_with("first call")) || !has_chain(image, line_with("second call")))
        fail_msg("%s: no instruction of the store in set_marker()", name);
    image_free(image);
}

static void inlined_functions_come_before_the_one_they_are_inlined_into(void **state)
{
    (void)state;
    for_each_build(find_both_chains);
}

/* "leaf.constprop.0" is leaf. */
static bool is_name_of(const char *symbol, const char *function)
{
    size_t length = strlen(function);

    return strncmp(symbol, function, length) == 0 &&
           (symbol[length] == '\0' || symbol[length] == '.');
}

static void check_function(const struct image *image, const struct symbol *symbol)
{
    unsigned first = line_with("uint32_t discarded(");
    unsigned last = line_with("pointer)(uint32_t)");
    struct source_place places[8];

    for (uint32_t i = 0; i < symbol->size; i += 2) {
        guest_addr pc = symbol->address + i;
        unsigned count = image_places(image, pc, places, 8);

        if (!count || !is_name_of(symbol->name, places[count - 1].function))
            fail_msg("%s: 0x%x is not in %s", image_path(image), pc, symbol->name);
        if (places[0].line >= first && places[0].line < last)
            fail_msg("%s: 0x%x is at line %u", image_path(image), pc, places[0].line);
    }
}

static void check_functions(const char *name)
{
    static const char *const functions[] = {"leaf",           "recurse",        "with_locals",
                                            "with_arguments", "with_two_calls", "main"};
    struct image *image = load_built(name);
    struct symbol symbol;
    unsigned found = 0;

    for (unsigned i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (image_symbol_named(image, functions[i], &symbol)) {
            check_function(image, &symbol);
            found++;
        }
    assert_true(found >= 4);
    image_free(image);
}

static void every_address_of_a_function_is_in_it_and_not_in_a_discarded_one(void **state)
{
    (void)state;
    for_each_build(check_functions);
}

static void without_debug_information_the_symbol_is_the_place(void **state)
{
    struct image *image = load_built("stripped.elf");
    guest_addr leaf = address_of(image, "leaf");
    struct source_place places[4];

    (void)state;
    assert_false(image_has_debug_info(image));
    assert_int_equal(image_places(image, leaf, places, 4), 1);
    assert_string_equal(places[0].function, "leaf");
    assert_string_equal(places[0].file, "");
    assert_int_equal(places[0].line, 0);
    assert_int_equal(image_places(image, 0x80000, places, 4), 0);
    assert_int_equal(image_places(image, leaf, places, 0), 0);
    image_free(image);
}

static void too_little_room_keeps_the_innermost_places(void **state)
{
    struct image *image = load_built("gcc-O2.elf");
    guest_addr leaf = address_of(image, "leaf");
    struct source_place places[2];

    (void)state;
    assert_int_equal(image_places(image, leaf, places, 2), 2);
    assert_string_equal(places[0].function, "set_marker");
    assert_string_equal(places[1].function, "mark_twice");
    image_free(image);
}

static void an_image_without_debug_information_has_no_places(void **state)
{
    struct image *image = load_built("gcc-O2.hex");
    struct source_place places[2];

    (void)state;
    assert_int_equal(image_places(image, 0x110, places, 2), 0);
    image_free(image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inlined_functions_come_before_the_one_they_are_inlined_into),
        cmocka_unit_test(every_address_of_a_function_is_in_it_and_not_in_a_discarded_one),
        cmocka_unit_test(without_debug_information_the_symbol_is_the_place),
        cmocka_unit_test(too_little_room_keeps_the_innermost_places),
        cmocka_unit_test(an_image_without_debug_information_has_no_places),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
