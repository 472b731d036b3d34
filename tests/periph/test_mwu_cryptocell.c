/* SPDX-License-Identifier: Apache-2.0 */
/* MWU, and what CRYPTOCELL says it does not do. */
#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/periph/cryptocell.h"
#include "sim/periph/mwu.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

struct fixture {
    struct chip *chip;
    struct mwu mwu;
    struct cryptocell cryptocell;
};

static int set_up(void **state)
{
    struct fixture *f = heap_allocate(1, sizeof *f);

    f->chip = chip_new();
    mwu_init(&f->mwu, &f->chip->fabric, &mwu_spec);
    cryptocell_init(&f->cryptocell, &f->chip->fabric, &cryptocell_spec);
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

static void the_peripheral_regions_are_where_the_peripherals_are(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    assert_int_equal(chip_read(chip, 0x400206c0), 0x40000000);
    assert_int_equal(chip_read(chip, 0x400206c4), 0x4001ffff);
    assert_int_equal(chip_read(chip, 0x400206d0), 0x40020000);
    assert_int_equal(chip_read(chip, 0x400206d4), 0x4003ffff);
}

static void regions_and_enables_are_stored(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, 0x40020630, 0x20000000);
    chip_write(chip, 0x40020634, 0x20001fff);
    chip_write(chip, 0x40020514, 0x040000c0); /* REGIONENSET */
    chip_write(chip, 0x40020518, 0x00000040); /* REGIONENCLR */
    chip_write(chip, 0x40020324, 0x00000080); /* NMIENSET */
    assert_int_equal(chip_read(chip, 0x40020630), 0x20000000);
    assert_int_equal(chip_read(chip, 0x40020510), 0x04000080);
    assert_int_equal(chip_read(chip, 0x40020320), 0x00000080);
    assert_int_equal(chip->misuses, 0);
}

/* The CPU uses memory, if anybody watches it. */
static void cpu_uses(struct chip *chip, enum observation_kind kind, guest_addr address)
{
    enum watch_kind watch = kind == OBS_CPU_STORE ? WATCH_STORES : WATCH_LOADS;

    if (trace_watches(&chip->trace, watch, address, 4))
        trace_emit(&chip->trace,
                   (struct observation){.kind = kind, .access = {.address = address, .size = 4}});
}

static void watch_region_1(struct chip *chip, uint32_t enable)
{
    chip_write(chip, 0x40020610, 0x20000100);
    chip_write(chip, 0x40020614, 0x2000010f);
    chip_write(chip, 0x40020514, enable); /* REGIONENSET */
}

static void stores_to_a_region_are_noticed(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    watch_region_1(chip, 1 << 2);
    chip_write(chip, 0x40020304, 1 << 2); /* INTENSET */
    cpu_uses(chip, OBS_CPU_STORE, 0x200000fc);
    cpu_uses(chip, OBS_CPU_STORE, 0x20000110);
    cpu_uses(chip, OBS_CPU_LOAD, 0x20000100);
    assert_int_equal(chip_read(chip, 0x40020108), 0); /* REGION[1].WA */
    cpu_uses(chip, OBS_CPU_STORE, 0x2000010c);
    assert_int_equal(chip_read(chip, 0x40020108), 1);
    assert_int_equal(chip_read(chip, 0x4002010c), 0); /* REGION[1].RA */
    assert_true(chip_irq(chip, 32));
}

static void loads_are_noticed_apart(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    watch_region_1(chip, 1 << 3);
    cpu_uses(chip, OBS_CPU_STORE, 0x20000100);
    assert_int_equal(chip_read(chip, 0x4002010c), 0);
    cpu_uses(chip, OBS_CPU_LOAD, 0x20000100);
    assert_int_equal(chip_read(chip, 0x4002010c), 1);
}

static void a_region_that_is_disabled_costs_nothing(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    watch_region_1(chip, 0xc);
    assert_true(trace_watches(&chip->trace, WATCH_LOADS, 0x20000100, 4));
    chip_write(chip, 0x40020518, 0xc); /* REGIONENCLR */
    assert_false(trace_watches(&chip->trace, WATCH_LOADS, 0x20000100, 4));
    assert_false(trace_watches(&chip->trace, WATCH_STORES, 0x20000100, 4));
}

static void a_region_that_moves_is_watched_where_it_is(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    watch_region_1(chip, 1 << 2);
    chip_write(chip, 0x40020610, 0x20000200);
    chip_write(chip, 0x40020614, 0x2000020f);
    assert_false(trace_watches(&chip->trace, WATCH_STORES, 0x20000100, 4));
    assert_true(trace_watches(&chip->trace, WATCH_STORES, 0x20000200, 4));
}

static void peripherals_are_watched_page_by_page(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, 0x400206d8, 1 << 3);     /* PREGION[1].SUBS: page 0x40023000 */
    chip_write(chip, 0x40020514, 0xcu << 24); /* PREGION[1]: both */
    chip_write(chip, 0x40022000, 1);
    assert_int_equal(chip_read(chip, 0x40020168), 0); /* PREGION[1].WA */
    chip_write(chip, 0x40023500, 1);
    assert_int_equal(chip_read(chip, 0x40020168), 1);
    assert_int_equal(chip_read(chip, 0x40020408), 1 << 3); /* PERREGION[1].SUBSTATWA */
    assert_int_equal(chip_read(chip, 0x4002016c), 0);
    (void)chip_read(chip, 0x40023500);
    assert_int_equal(chip_read(chip, 0x4002016c), 1);
    assert_int_equal(chip_read(chip, 0x4002040c), 1 << 3);
    chip_write(chip, 0x40020408, 1 << 3);
    assert_int_equal(chip_read(chip, 0x40020408), 0);
}

static void note_nmi(void *owner, enum wire_id wire, bool level)
{
    (void)wire;
    *(unsigned *)owner += level;
}

static void an_event_can_be_a_non_maskable_interrupt(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;
    unsigned count = 0;

    wire_connect(&chip->wires, WIRE_NMI, note_nmi, &count);
    watch_region_1(chip, 1 << 2);
    cpu_uses(chip, OBS_CPU_STORE, 0x20000100);
    assert_int_equal(count, 0);
    chip_write(chip, 0x40020324, 1 << 2); /* NMIENSET */
    cpu_uses(chip, OBS_CPU_STORE, 0x20000100);
    assert_int_equal(count, 1);
}

static void a_reset_ends_the_watch(void **state)
{
    struct fixture *f = *state;

    watch_region_1(f->chip, 0xc);
    mwu_reset(&f->mwu, RESET_SOFT);
    assert_false(trace_watches(&f->chip->trace, WATCH_LOADS, 0x20000100, 4));
    assert_int_equal(chip_read(f->chip, 0x40020510), 0);
}

static void the_engine_can_be_switched_on_and_known(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, 0x5002a500, 1);
    assert_int_equal(chip_read(chip, 0x5002a500), 1);
    assert_int_equal(chip_read(chip, 0x5002ba24), 0x20e00000); /* HOST_SIGNATURE */
    assert_int_equal(chip_read(chip, 0x5002ba04), 0x01ffffff); /* IMR */
    assert_int_equal(chip->unmodelled, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* CC_RNG at 0x5002b100, its interrupt through CC_HOST_RGF to line 42. */
static void the_noise_source_gives_192_bits_at_a_time(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;
    uint32_t first;

    chip_write(chip, 0x5002b1c4, 1);   /* RNG_CLK */
    chip_write(chip, 0x5002b130, 100); /* SAMPLE_CNT */
    chip_write(chip, 0x5002b138, 0xe); /* TRNG_DEBUG: bits as they come */
    chip_write(chip, 0x5002b12c, 1);   /* NOISE_SOURCE */
    assert_int_equal(chip_read(chip, 0x5002b1b8), 3);
    chip_pass(chip, 192 * 100 - 1);
    assert_int_equal(chip_read(chip, 0x5002b110), 0); /* TRNG_VALID */
    assert_int_equal(chip_read(chip, 0x5002b114), 0); /* EHR_DATA[0] */
    chip_pass(chip, 1);
    assert_int_equal(chip_read(chip, 0x5002b110), 1);
    assert_int_equal(chip_read(chip, 0x5002b1b8), 0);
    first = chip_read(chip, 0x5002b114);
    assert_int_not_equal(first, 0);
    assert_int_not_equal(chip_read(chip, 0x5002b118), first);
    (void)chip_read(chip, 0x5002b128); /* EHR_DATA[5] makes way */
    assert_int_equal(chip_read(chip, 0x5002b110), 0);
    assert_int_equal(chip_read(chip, 0x5002b114), 0);
    chip_pass(chip, 192 * 100);
    assert_int_equal(chip_read(chip, 0x5002b110), 1);
    assert_int_not_equal(chip_read(chip, 0x5002b114), first);
    assert_int_equal(chip->misuses + chip->unmodelled, 0);
}

/* A vendor's library switches it off and on again whenever it wakes up meanwhile. */
static void the_noise_source_goes_on_where_it_was_stopped(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, 0x5002b1c4, 1);
    chip_write(chip, 0x5002b130, 10);
    chip_write(chip, 0x5002b138, 0xe);
    for (unsigned i = 0; i < 3; i++) {
        chip_write(chip, 0x5002b12c, 1);
        chip_pass(chip, 640);
        assert_int_equal(chip_read(chip, 0x5002b110), i == 2);
        chip_write(chip, 0x5002b12c, 0);
        chip_pass(chip, 10000);
    }
}

static void its_interrupt_passes_two_masks(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, 0x5002b1c4, 1);
    chip_write(chip, 0x5002b130, 10);
    chip_write(chip, 0x5002b12c, 1);
    chip_pass(chip, 4 * 192 * 10);
    assert_int_equal(chip_read(chip, 0x5002b104), 1); /* RNG_ISR */
    assert_int_equal(chip_read(chip, 0x5002ba00), 0); /* IRR */
    chip_write(chip, 0x5002b100, 0x3e);               /* RNG_IMR */
    assert_int_equal(chip_read(chip, 0x5002ba00), 0x400);
    assert_false(chip_irq(chip, 42));
    chip_write(chip, 0x5002ba04, 0x01fffbff); /* IMR */
    assert_true(chip_irq(chip, 42));
    chip_write(chip, 0x5002b108, 1); /* RNG_ICR */
    assert_int_equal(chip_read(chip, 0x5002ba00), 0);
    assert_false(chip_irq(chip, 42));
}

/* As a vendor's library starts it: 2 x 192 bits into the engine's memory, from byte 8. */
static void samples_can_go_to_the_memory_of_the_engine(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;
    uint32_t first;

    chip_write(chip, 0x5002b1c4, 1);   /* RNG_CLK */
    chip_write(chip, 0x5002b130, 100); /* SAMPLE_CNT */
    chip_write(chip, 0x5002b138, 0xa); /* TRNG_DEBUG: bits as they come */
    chip_write(chip, 0x5002b100, 0x1f);
    chip_write(chip, 0x5002b1d0, 8); /* RNG_DMA_SRAM_ADDR */
    chip_write(chip, 0x5002b1d4, 2); /* RNG_DMA_SAMPLES_NUM */
    chip_write(chip, 0x5002b1c8, 1); /* RNG_DMA */
    assert_int_equal(chip_read(chip, 0x5002b1dc) & 1, 1);
    chip_pass(chip, 2 * 192 * 100 - 1);
    assert_int_equal(chip_read(chip, 0x5002ba00), 0); /* IRR */
    chip_pass(chip, 1);
    assert_int_equal(chip_read(chip, 0x5002b1dc), 0);
    assert_int_equal(chip_read(chip, 0x5002b104), 0x20); /* RNG_ISR */
    assert_int_equal(chip_read(chip, 0x5002ba00), 0x400);
    chip_write(chip, 0x5002bf04, 4);   /* SRAM_ADDR */
    (void)chip_read(chip, 0x5002bf00); /* begins to fetch */
    assert_int_equal(chip_read(chip, 0x5002bf00), 0);
    first = chip_read(chip, 0x5002bf00);
    assert_int_not_equal(first, 0);
    for (unsigned i = 1; i < 12; i++)
        assert_int_not_equal(chip_read(chip, 0x5002bf00), first);
    assert_int_equal(chip_read(chip, 0x5002bf00), 0);
    assert_int_equal(chip->misuses + chip->unmodelled, 0);
}

static void samples_that_are_called_off_never_come(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, 0x5002b1c4, 1);
    chip_write(chip, 0x5002b130, 10);
    chip_write(chip, 0x5002b1d4, 1);
    chip_write(chip, 0x5002b1c8, 1);
    chip_write(chip, 0x5002b1c8, 0);
    assert_int_equal(chip_read(chip, 0x5002b1dc), 0);
    chip_pass(chip, 100000);
    assert_int_equal(chip_read(chip, 0x5002b104), 0);
}

static void a_key_of_the_hardware_is_missing_and_says_so(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, 0x5002ba38, 1); /* K_PRTL */
    chip_write(chip, 0x5002b478, 1);
    assert_int_equal(chip->unmodelled, 1);
    chip_write(chip, 0x5002ba4c, 1); /* locked, it is known: zeros */
    chip_write(chip, 0x5002ba4c, 0);
    assert_int_equal(chip_read(chip, 0x5002ba4c), 1);
    chip_write(chip, 0x5002b478, 1);
    assert_int_equal(chip->unmodelled, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_peripheral_regions_are_where_the_peripherals_are),
        TEST(regions_and_enables_are_stored),
        TEST(stores_to_a_region_are_noticed),
        TEST(loads_are_noticed_apart),
        TEST(a_region_that_is_disabled_costs_nothing),
        TEST(a_region_that_moves_is_watched_where_it_is),
        TEST(peripherals_are_watched_page_by_page),
        TEST(an_event_can_be_a_non_maskable_interrupt),
        TEST(a_reset_ends_the_watch),
        TEST(the_engine_can_be_switched_on_and_known),
        cmocka_unit_test_setup_teardown(the_noise_source_gives_192_bits_at_a_time, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_noise_source_goes_on_where_it_was_stopped, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(its_interrupt_passes_two_masks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(samples_can_go_to_the_memory_of_the_engine, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(samples_that_are_called_off_never_come, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_key_of_the_hardware_is_missing_and_says_so, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
