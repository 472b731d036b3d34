/* SPDX-License-Identifier: Apache-2.0 */
/* The words by which older start-up code and drivers know the revision. */
#include "sim/periph/rom_table.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

static void reads_as(enum silicon_revision revision, uint32_t nibble)
{
    struct chip *chip = chip_new();
    struct rom_table table;

    chip->fabric.silicon.revision = (uint8_t)revision;
    rom_table_init(&table, &chip->fabric, &rom_table_spec);
    rom_table_reset(&table, RESET_POWER_ON);
    assert_int_equal(chip_read(chip, 0xf0000fe0) & 0xff, 0x08);
    assert_int_equal(chip_read(chip, 0xf0000fe4) & 0x0f, 0);
    assert_int_equal(chip_read(chip, 0xf0000fe8) & 0xf0, nibble);
    assert_int_equal(chip_read(chip, 0xf0000fec) & 0xf0, 0);
    chip_free(chip);
}

static void each_revision_has_its_number(void **state)
{
    (void)state;
    reads_as(SILICON_ENG_A, 0x00);
    reads_as(SILICON_REV1, 0x20);
    reads_as(SILICON_REV2, 0x30);
    reads_as(SILICON_REV3, 0x50);
    reads_as(SILICON_IDEAL, 0x50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_revision_has_its_number)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
