/* SPDX-License-Identifier: Apache-2.0 */
/* FICR and UICR as start-up code reads them, and the list of all blocks. */
#include "sim/base/compiler.h"
#include "sim/periph/ficr.h"
#include "sim/periph/uicr.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

static int set_up(void **state)
{
    struct chip *chip = chip_new();

    ficr_init(&chip->memory);
    uicr_init(&chip->memory);
    *state = chip;
    return 0;
}

static int tear_down(void **state)
{
    chip_free(*state);
    return 0;
}

static void the_part_is_an_nrf52840_with_1_mib_of_flash(void **state)
{
    assert_int_equal(chip_cell(*state, 0x10000010), 0x1000); /* CODEPAGESIZE */
    assert_int_equal(chip_cell(*state, 0x10000014), 0x100);  /* CODESIZE */
    assert_int_equal(chip_cell(*state, 0x10000100), 0x00052840);
    assert_int_equal(chip_cell(*state, 0x10000108), 0x2004);
    assert_int_equal(chip_cell(*state, 0x1000010c), 0x100);
    assert_int_equal(chip_cell(*state, 0x10000110), 0x400);
}

static void start_up_code_recognises_revision_3(void **state)
{
    assert_int_equal(chip_cell(*state, 0x10000130), 0x08);
    assert_int_equal(chip_cell(*state, 0x10000134), 0x05);
    assert_int_equal(chip_cell(*state, 0x10000104), 0x41414630); /* AAF0 */
}

static void older_revisions_can_be_chosen(void **state)
{
    struct chip *chip = *state;

    ficr_set_revision(&chip->memory, SILICON_REV2);
    assert_int_equal(chip_cell(chip, 0x10000134), 0x03);
    assert_int_equal(chip_cell(chip, 0x10000104), 0x41414430); /* AAD0 */
    ficr_set_revision(&chip->memory, SILICON_REV1);
    assert_int_equal(chip_cell(chip, 0x10000134), 0x02);
    assert_int_equal(chip_cell(chip, 0x10000130), 0x08);
    ficr_set_revision(&chip->memory, SILICON_REV3);
    assert_int_equal(chip_cell(chip, 0x10000134), 0x05);
}

static void the_device_has_an_identity(void **state)
{
    assert_int_not_equal(chip_cell(*state, 0x10000060), 0xffffffff);
    assert_int_not_equal(chip_cell(*state, 0x10000064), 0xffffffff);
    assert_int_not_equal(chip_cell(*state, 0x10000060), chip_cell(*state, 0x10000064));
    assert_int_equal(chip_cell(*state, 0x100000a0) & 1, 1);           /* random address */
    assert_int_equal(chip_cell(*state, 0x100000a8) & 0xc000, 0xc000); /* static */
}

static void temperature_trim_has_17_plausible_words(void **state)
{
    assert_int_equal(chip_cell(*state, 0x10000404), 0x326);  /* A0 */
    assert_int_equal(chip_cell(*state, 0x1000041c), 0x3fef); /* B0 */
    assert_int_equal(chip_cell(*state, 0x10000444), 0x50);   /* T4 */
    for (guest_addr word = 0x10000404; word <= 0x10000444; word += 4)
        assert_true(chip_cell(*state, word) < 0x4000);
}

static void cells_that_nobody_wrote_are_erased(void **state)
{
    assert_int_equal(chip_cell(*state, 0x10000000), 0xffffffff);
    assert_int_equal(chip_cell(*state, 0x10000ffc), 0xffffffff);
    assert_int_equal(chip_cell(*state, 0x10001000), 0xffffffff);
    assert_int_equal(chip_cell(*state, 0x10001080), 0xffffffff); /* CUSTOMER[0] */
    assert_int_equal(chip_cell(*state, 0x10001ffc), 0xffffffff);
}

/* Each of these, found otherwise, makes some start-up code write it and reset the chip. */
static void uicr_needs_no_setting_by_start_up_code(void **state)
{
    assert_int_equal(chip_cell(*state, 0x10001200), 0x00000012);  /* PSELRESET[0] */
    assert_int_equal(chip_cell(*state, 0x10001204), 0x00000012);  /* PSELRESET[1] */
    assert_int_equal(chip_cell(*state, 0x10001208) & 0xff, 0x5a); /* APPROTECT */
    assert_int_equal(chip_cell(*state, 0x1000120c) & 1, 0);       /* NFCPINS */
    assert_int_equal(chip_cell(*state, 0x10001304) & 7, 5);       /* REGOUT0: 3.3 V */
}

static const struct peripheral {
    const char *name;
    guest_addr base;
    uint32_t size;
    int irq;
} peripherals[] = {
#define PERIPHERAL(name_, base_, size_, irq_, brief_)                                              \
    {.name = #name_, .base = (base_), .size = (size_), .irq = (irq_)},
#include "sim/periph/peripherals.def"
#undef PERIPHERAL
};

static void the_list_of_blocks_is_in_order_without_overlap(void **state)
{
    (void)state;
    for (unsigned i = 1; i < ARRAY_LENGTH(peripherals); i++)
        assert_true(peripherals[i - 1].base + peripherals[i - 1].size <= peripherals[i].base);
}

/* Below 0x40030000, line n belongs to the block at 0x40000000 + n * 0x1000. */
static void interrupt_lines_follow_from_addresses(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_LENGTH(peripherals); i++) {
        const struct peripheral *p = &peripherals[i];

        if (p->irq != NO_IRQ)
            assert_int_equal(p->irq, (p->base >> 12) & 0xff);
    }
}

static void the_usb_device_is_in_the_list(void **state)
{
    unsigned found = 0;

    (void)state;
    for (unsigned i = 0; i < ARRAY_LENGTH(peripherals); i++)
        found += peripherals[i].base == 0x40027000 && peripherals[i].irq == 39;
    assert_int_equal(found, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(the_part_is_an_nrf52840_with_1_mib_of_flash),
        TEST(start_up_code_recognises_revision_3),
        TEST(older_revisions_can_be_chosen),
        TEST(the_device_has_an_identity),
        TEST(temperature_trim_has_17_plausible_words),
        TEST(cells_that_nobody_wrote_are_erased),
        TEST(uicr_needs_no_setting_by_start_up_code),
        TEST(the_list_of_blocks_is_in_order_without_overlap),
        TEST(interrupt_lines_follow_from_addresses),
        TEST(the_usb_device_is_in_the_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
