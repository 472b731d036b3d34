/* SPDX-License-Identifier: Apache-2.0 */
/* The table of what is modelled is complete, and says nothing that the models do not. */
#include "sim/soc/kinds.h"
#include "sim/soc/nrf52840.h"
#include "tests/cmocka.h"

#include <string.h>

static void each_block_belongs_to_one_kind(void **state)
{
    const struct block_spec *spec;
    const struct block_kind *kind;

    (void)state;
    for (unsigned i = 0; (spec = nrf52840_spec(i)); i++) {
        unsigned kinds = 0;

        for (unsigned k = 0; (kind = block_kind(k)); k++)
            kinds += block_kind_has(kind, spec->name);
        if (kinds != 1)
            fail_msg("%s belongs to %u kinds of sim/soc/kinds.def", spec->name, kinds);
    }
}

static void no_kind_is_empty_or_has_more_registers_than_the_chip(void **state)
{
    const struct block_kind *kind;

    (void)state;
    for (unsigned k = 0; (kind = block_kind(k)); k++) {
        if (!kind->label)
            assert_in_range(block_kind_registers(kind), 1, kind->known);
        if (!block_kind_deviations(kind))
            fail_msg("'%s' names no model that lists deviations", kind->models);
    }
}

static void a_deviation_is_told_in_the_words_of_its_file(void **state)
{
    const struct block_kind *kind;

    (void)state;
    for (unsigned k = 0; (kind = block_kind(k)) && !block_kind_has(kind, "egu3"); k++)
        continue;
    assert_non_null(kind);
    assert_int_equal(block_kind_deviations(kind), 1);
    assert_string_equal(block_kind_deviation(kind, 0),
                        "The event comes in the instant of its task.");
    assert_null(block_kind_deviation(kind, 1));
}

static void kinds_are_called_after_their_blocks(void **state)
{
    static const struct {
        const char *block;
        const char *name;
    } rows[] = {
        {"WDT", "WDT"}, {"p1", "P0, P1"}, {"Timer2", "TIMER0 to TIMER4"}, {"easydma", "EasyDMA"}};
    const struct block_kind *kind;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct text name = {0};

        for (unsigned k = 0; (kind = block_kind(k)) && !block_kind_has(kind, rows[i].block); k++)
            continue;
        assert_non_null(kind);
        block_kind_name(kind, &name);
        assert_string_equal(text_string(&name), rows[i].name);
        text_free(&name);
    }
}

static void what_is_not_modelled_is_listed_by_address(void **state)
{
    const char *name;

    (void)state;
    for (unsigned i = 0; (name = nrf52840_unmodelled(i)); i++) {
        assert_string_not_equal(name, "USBD");
        assert_string_not_equal(name, "P0");
        assert_string_not_equal(name, "POWER_CLOCK");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_block_belongs_to_one_kind),
        cmocka_unit_test(no_kind_is_empty_or_has_more_registers_than_the_chip),
        cmocka_unit_test(a_deviation_is_told_in_the_words_of_its_file),
        cmocka_unit_test(kinds_are_called_after_their_blocks),
        cmocka_unit_test(what_is_not_modelled_is_listed_by_address),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
