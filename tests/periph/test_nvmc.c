/* SPDX-License-Identifier: Apache-2.0 */
/* NVMC, poked without a CPU. Numbers are typed from the specification, not from our list. */
#include "sim/base/heap.h"
#include "sim/periph/nvmc.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

enum {
    READY = 0x4001e400,
    READYNEXT = 0x4001e408,
    CONFIG = 0x4001e504,
    ERASEPAGE = 0x4001e508,
    ERASEALL = 0x4001e50c,
    ERASEUICR = 0x4001e514,
    ERASEPAGEPARTIAL = 0x4001e518,
    ERASEPAGEPARTIALCFG = 0x4001e51c,
    ICACHECNF = 0x4001e540,

    REN = 0,
    WEN = 1,
    EEN = 2,

    PAGE = 0x000fe000,
    CUSTOMER0 = 0x10001080,
    FICR_PART = 0x10000100,
};

struct fixture {
    struct chip *chip;
    struct nvmc nvmc;
    unsigned changes;
    struct byte_range changed;
};

static void note_change(void *owner, struct byte_range range)
{
    struct fixture *f = owner;

    f->changes++;
    f->changed = range;
}

static int set_up(void **state)
{
    struct fixture *f = heap_allocate(1, sizeof *f);

    f->chip = chip_new();
    nvmc_init(&f->nvmc, &f->chip->fabric, &nvmc_spec);
    f->nvmc.code_changed = note_change;
    f->nvmc.code_owner = f;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    chip_free(f->chip);
    heap_release(f);
    return 0;
}

static void enable(struct fixture *f, uint32_t wen)
{
    chip_write(f->chip, CONFIG, wen);
}

/* A word written and its time waited for. */
static void program(struct fixture *f, guest_addr address, uint32_t value)
{
    enable(f, WEN);
    assert_true(nvmc_flash_write(&f->nvmc, address, 4, value));
    chip_pass(f->chip, 41 * CYCLES_PER_US);
    enable(f, REN);
}

static void it_is_ready_after_reset(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    assert_int_equal(chip_read(chip, READY), 1);
    assert_int_equal(chip_read(chip, READYNEXT), 1);
    assert_int_equal(chip_read(chip, CONFIG), 0);
    assert_int_equal(chip_read(chip, ERASEPAGEPARTIALCFG), 10);
}

static void a_word_is_written_in_41_microseconds(void **state)
{
    struct fixture *f = *state;

    enable(f, WEN);
    assert_true(nvmc_flash_write(&f->nvmc, PAGE + 8, 4, 0x12345678));
    assert_int_equal(chip_read(f->chip, READY), 0);
    chip_pass(f->chip, 41 * CYCLES_PER_US - 1);
    assert_int_equal(chip_read(f->chip, READY), 0);
    chip_pass(f->chip, 1);
    assert_int_equal(chip_read(f->chip, READY), 1);

    assert_int_equal(chip_cell(f->chip, PAGE + 8), 0x12345678);
    assert_int_equal(chip_cell(f->chip, PAGE + 12), 0xffffffff);
}

static void writing_only_turns_ones_into_zeros(void **state)
{
    struct fixture *f = *state;

    program(f, PAGE, 0xff00ff00);
    program(f, PAGE, 0x0ff00ff0);
    assert_int_equal(chip_cell(f->chip, PAGE), 0x0f000f00);
}

static void two_words_in_a_row_take_twice_the_time(void **state)
{
    struct fixture *f = *state;

    enable(f, WEN);
    assert_true(nvmc_flash_write(&f->nvmc, PAGE, 4, 1));
    assert_true(nvmc_flash_write(&f->nvmc, PAGE + 4, 4, 2));
    chip_pass(f->chip, 82 * CYCLES_PER_US - 1);
    assert_int_equal(chip_read(f->chip, READY), 0);
    chip_pass(f->chip, 1);
    assert_int_equal(chip_read(f->chip, READY), 1);
    assert_int_equal(chip_cell(f->chip, PAGE + 4), 2);
}

static void a_store_without_write_enable_is_reported_and_lost(void **state)
{
    struct fixture *f = *state;

    assert_true(nvmc_flash_write(&f->nvmc, PAGE, 4, 0));
    assert_int_equal(chip_cell(f->chip, PAGE), 0xffffffff);
    assert_int_equal(f->chip->misuses, 1);
    assert_int_equal(f->chip->misuse[0].misuse, MISUSE_FLASH_WRITE);
    assert_int_equal(f->chip->misuse[0].address, PAGE);
    enable(f, EEN);
    assert_true(nvmc_flash_write(&f->nvmc, PAGE, 4, 0));
    assert_int_equal(f->chip->misuses, 2);
    assert_int_equal(f->changes, 0);
}

/* As through a null pointer: published firmware does it and goes on. */
static void so_are_a_halfword_and_an_unaligned_word(void **state)
{
    struct fixture *f = *state;

    assert_true(nvmc_flash_write(&f->nvmc, 0x10, 2, 0));
    assert_true(nvmc_flash_write(&f->nvmc, 0x11, 4, 0));
    assert_int_equal(f->chip->misuses, 2);
    assert_int_equal(chip_cell(f->chip, 0x10), 0xffffffff);
    assert_int_equal(chip_read(f->chip, READY), 1);
}

static void a_store_with_write_enable_is_silent(void **state)
{
    struct fixture *f = *state;

    program(f, PAGE, 0);
    assert_int_equal(f->chip->misuses, 0);
}

static void only_whole_aligned_words_are_taken(void **state)
{
    struct fixture *f = *state;

    enable(f, WEN);
    assert_false(nvmc_flash_write(&f->nvmc, PAGE, 1, 0));
    assert_false(nvmc_flash_write(&f->nvmc, PAGE, 2, 0));
    assert_false(nvmc_flash_write(&f->nvmc, PAGE + 2, 4, 0));
    assert_int_equal(chip_cell(f->chip, PAGE), 0xffffffff);
    assert_int_equal(chip_read(f->chip, READY), 1);
}

static void a_page_is_erased_in_85_milliseconds(void **state)
{
    struct fixture *f = *state;

    program(f, PAGE - 4, 1);
    program(f, PAGE, 2);
    program(f, PAGE + 0xffc, 3);
    program(f, PAGE + 0x1000, 4);
    enable(f, EEN);
    chip_write(f->chip, ERASEPAGE, PAGE);
    chip_pass(f->chip, 85 * CYCLES_PER_MS - 1);
    assert_int_equal(chip_read(f->chip, READY), 0);
    chip_pass(f->chip, 1);
    assert_int_equal(chip_read(f->chip, READY), 1);

    assert_int_equal(chip_cell(f->chip, PAGE - 4), 1);
    assert_int_equal(chip_cell(f->chip, PAGE), 0xffffffff);
    assert_int_equal(chip_cell(f->chip, PAGE + 0xffc), 0xffffffff);
    assert_int_equal(chip_cell(f->chip, PAGE + 0x1000), 4);
}

static void an_erase_without_erase_enable_is_reported_and_ignored(void **state)
{
    struct fixture *f = *state;

    program(f, PAGE, 7);
    enable(f, WEN);
    chip_write(f->chip, ERASEPAGE, PAGE);
    chip_write(f->chip, ERASEALL, 1);
    chip_write(f->chip, ERASEUICR, 1);
    assert_int_equal(chip_cell(f->chip, PAGE), 7);
    assert_int_equal(chip_read(f->chip, READY), 1);
    assert_int_equal(f->chip->misuses, 3);
    assert_int_equal(f->chip->misuse[0].misuse, MISUSE_FLASH_WRITE);
    assert_int_equal(f->chip->misuse[0].address, ERASEPAGE);
}

static void a_page_that_does_not_exist_is_not_erased(void **state)
{
    struct fixture *f = *state;

    program(f, PAGE, 7);
    enable(f, EEN);
    chip_write(f->chip, ERASEPAGE, PAGE + 4);
    chip_write(f->chip, ERASEPAGE, 0x00100000);
    assert_int_equal(chip_cell(f->chip, PAGE), 7);
    assert_int_equal(f->chip->misuses, 2);
}

static void partial_erases_add_up_to_a_whole_one(void **state)
{
    struct fixture *f = *state;

    program(f, PAGE, 7);
    enable(f, EEN);
    for (unsigned i = 0; i < 8; i++) {
        chip_write(f->chip, ERASEPAGEPARTIAL, PAGE);
        assert_int_equal(chip_cell(f->chip, PAGE), 7);
        chip_pass(f->chip, 11080 * CYCLES_PER_US);
        assert_int_equal(chip_read(f->chip, READY), 1);
    }
    chip_write(f->chip, ERASEPAGEPARTIAL, PAGE);
    assert_int_equal(chip_cell(f->chip, PAGE), 0xffffffff);

    program(f, PAGE, 7);
    enable(f, EEN);
    chip_write(f->chip, ERASEPAGEPARTIAL, PAGE); /* begins anew */
    assert_int_equal(chip_cell(f->chip, PAGE), 7);
}

static void erase_all_erases_flash_and_uicr(void **state)
{
    struct fixture *f = *state;

    program(f, 0, 7);
    program(f, 0xffffc, 8);
    program(f, CUSTOMER0, 9);
    enable(f, EEN);
    chip_write(f->chip, ERASEALL, 1);
    assert_int_equal(chip_cell(f->chip, 0), 0xffffffff);
    assert_int_equal(chip_cell(f->chip, 0xffffc), 0xffffffff);
    assert_int_equal(chip_cell(f->chip, CUSTOMER0), 0xffffffff);
    chip_pass(f->chip, 169 * CYCLES_PER_MS);
    assert_int_equal(chip_read(f->chip, READY), 1);
}

static void erase_uicr_leaves_flash_alone(void **state)
{
    struct fixture *f = *state;

    program(f, 0, 7);
    program(f, CUSTOMER0, 9);
    enable(f, EEN);
    chip_write(f->chip, ERASEUICR, 1);
    assert_int_equal(chip_cell(f->chip, 0), 7);
    assert_int_equal(chip_cell(f->chip, CUSTOMER0), 0xffffffff);
}

static void a_store_to_factory_information_is_reported_and_has_no_effect(void **state)
{
    struct fixture *f = *state;
    uint32_t before = chip_cell(f->chip, FICR_PART);

    enable(f, WEN);
    assert_true(nvmc_flash_write(&f->nvmc, FICR_PART, 4, 0xffffffff));
    assert_int_equal(chip_cell(f->chip, FICR_PART), before);
    assert_int_equal(f->chip->misuses, 1);
    assert_int_equal(f->chip->misuse[0].misuse, MISUSE_WRITE_READ_ONLY);
}

static void the_cpu_is_told_which_code_changed(void **state)
{
    struct fixture *f = *state;

    program(f, PAGE + 8, 0);
    assert_int_equal(f->changes, 1);
    assert_int_equal(f->changed.start, PAGE + 8);
    assert_int_equal(f->changed.size, 4);
    enable(f, EEN);
    chip_write(f->chip, ERASEPAGE, PAGE);
    assert_int_equal(f->changes, 2);
    assert_int_equal(f->changed.start, PAGE);
    assert_int_equal(f->changed.size, 0x1000);
    program(f, CUSTOMER0, 0);
    enable(f, EEN);
    chip_write(f->chip, ERASEUICR, 1);
    assert_int_equal(f->changes, 2); /* UICR is no code */
}

static void changed_flash_comes_back_with_a_snapshot(void **state)
{
    struct fixture *f = *state;
    struct snapshot *before;

    memory_register_state(&f->chip->memory, &f->chip->state);
    memory_set_baseline(&f->chip->memory);
    before = snapshot_take(&f->chip->state);
    program(f, PAGE, 7);

    snapshot_restore(before, &f->chip->state);

    assert_int_equal(chip_cell(f->chip, PAGE), 0xffffffff);
    snapshot_free(before);
}

static void a_reset_ends_the_operation_and_locks_the_flash(void **state)
{
    struct fixture *f = *state;

    enable(f, WEN);
    assert_true(nvmc_flash_write(&f->nvmc, PAGE, 4, 0));
    nvmc_reset(&f->nvmc, RESET_SOFT);
    assert_int_equal(chip_read(f->chip, READY), 1);
    assert_int_equal(chip_read(f->chip, CONFIG), 0);
    assert_int_equal(scheduler_next(&f->chip->scheduler), SIM_TIME_NEVER);
}

/* ---- ACL (4.6) ------------------------------------------------------------------------------- */

static void protect(struct fixture *f, guest_addr address, uint32_t size)
{
    chip_write(f->chip, 0x4001e800, address);
    chip_write(f->chip, 0x4001e804, size);
    chip_write(f->chip, 0x4001e808, 1 << 1);
}

static void a_protected_page_is_neither_written_nor_erased(void **state)
{
    struct fixture *f = *state;

    program(f, 0x3000, 0x11111111);
    program(f, 0x4000, 0x22222222);
    protect(f, 0x3000, 0x1000);
    enable(f, WEN);
    assert_false(nvmc_flash_write(&f->nvmc, 0x3ffc, 4, 0));
    assert_true(nvmc_flash_write(&f->nvmc, 0x4004, 4, 0));
    enable(f, EEN);
    chip_write(f->chip, ERASEPAGE, 0x3000);
    assert_int_equal(chip_cell(f->chip, 0x3000), 0x11111111);
    chip_write(f->chip, ERASEALL, 1);
    assert_int_equal(chip_cell(f->chip, 0x3000), 0x11111111);
    assert_int_equal(chip_cell(f->chip, 0x4000), 0xffffffff);
}

static void protection_is_written_once(void **state)
{
    struct fixture *f = *state;

    protect(f, 0x3000, 0x1000);
    assert_int_equal(f->chip->misuses, 0);
    chip_write(f->chip, 0x4001e808, 0);
    assert_int_equal(f->chip->misuses, 1);
    assert_int_equal(f->chip->misuse[0].misuse, MISUSE_WRITE_READ_ONLY);
    assert_int_equal(chip_read(f->chip, 0x4001e808), 2);
    enable(f, WEN);
    assert_false(nvmc_flash_write(&f->nvmc, 0x3000, 4, 0));
}

static void a_reset_ends_the_protection(void **state)
{
    struct fixture *f = *state;

    protect(f, 0x3000, 0x1000);
    nvmc_reset(&f->nvmc, RESET_SOFT);
    enable(f, WEN);
    assert_true(nvmc_flash_write(&f->nvmc, 0x3000, 4, 0));
    protect(f, 0x5000, 0x1000); /* and it can be set anew */
    assert_int_equal(f->chip->misuses, 0);
}

static void the_last_list_is_the_eighth(void **state)
{
    struct fixture *f = *state;

    chip_write(f->chip, 0x4001e870, 0xff000);
    chip_write(f->chip, 0x4001e874, 0x1000);
    chip_write(f->chip, 0x4001e878, 6);
    assert_int_equal(chip_read(f->chip, 0x4001e878), 6);
    chip_write(f->chip, 0x4001e880, 1);
    assert_int_equal(f->chip->unmodelled, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(it_is_ready_after_reset),
        TEST(a_word_is_written_in_41_microseconds),
        TEST(writing_only_turns_ones_into_zeros),
        TEST(two_words_in_a_row_take_twice_the_time),
        TEST(a_store_without_write_enable_is_reported_and_lost),
        TEST(so_are_a_halfword_and_an_unaligned_word),
        TEST(a_store_with_write_enable_is_silent),
        TEST(only_whole_aligned_words_are_taken),
        TEST(a_page_is_erased_in_85_milliseconds),
        TEST(an_erase_without_erase_enable_is_reported_and_ignored),
        TEST(a_page_that_does_not_exist_is_not_erased),
        TEST(partial_erases_add_up_to_a_whole_one),
        TEST(erase_all_erases_flash_and_uicr),
        TEST(erase_uicr_leaves_flash_alone),
        TEST(a_store_to_factory_information_is_reported_and_has_no_effect),
        TEST(the_cpu_is_told_which_code_changed),
        TEST(changed_flash_comes_back_with_a_snapshot),
        TEST(a_reset_ends_the_operation_and_locks_the_flash),
        TEST(a_protected_page_is_neither_written_nor_erased),
        TEST(protection_is_written_once),
        TEST(a_reset_ends_the_protection),
        TEST(the_last_list_is_the_eighth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
