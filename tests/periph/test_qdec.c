/* SPDX-License-Identifier: Apache-2.0 */
/* QDEC, without a CPU (PS v1.7, 6.18). Offsets are typed, not taken. */
#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/periph/gpio.h"
#include "sim/periph/qdec.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

enum { BASE = 0x40012000, IRQ = 18, PIN_A = 3, PIN_B = 36 };
enum { START = 0x000, STOP = 0x004, READCLRACC = 0x008, RDCLRACC = 0x00c, RDCLRDBL = 0x010 };
enum { SAMPLERDY = 0x100, REPORTRDY = 0x104, ACCOF = 0x108, DBLRDY = 0x10c, STOPPED = 0x110 };
enum { SHORTS = 0x200, INTENSET = 0x304, ENABLE = 0x500, SAMPLEPER = 0x508, SAMPLE = 0x50c };
enum { REPORTPER = 0x510, ACC = 0x514, ACCREAD = 0x518, PSEL_A = 0x520, PSEL_B = 0x524 };
enum { ACCDBL = 0x544, ACCDBLREAD = 0x548 };

#define PERIOD (128 * CYCLES_PER_US)

struct fixture {
    struct chip *chip;
    struct gpio gpio;
    struct qdec qdec;
    unsigned turn; /* position of the encoder, in quarter steps */
};

static uint32_t peek(struct fixture *f, uint32_t offset)
{
    return chip_read(f->chip, BASE + offset);
}

static void poke(struct fixture *f, uint32_t offset, uint32_t value)
{
    chip_write(f->chip, BASE + offset, value);
}

static int set_up(void **state)
{
    struct fixture *f = heap_allocate(1, sizeof *f);

    f->chip = chip_new();
    gpio_init(&f->gpio, &f->chip->fabric);
    qdec_init(&f->qdec, &f->chip->fabric, &qdec_spec);
    poke(f, PSEL_A, PIN_A);
    poke(f, PSEL_B, PIN_B);
    poke(f, ENABLE, 1);
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

/* Turns by `quarters` and lets one sample be taken. In the positive direction B leads. */
static void turn(struct fixture *f, int quarters)
{
    static const bool a[] = {false, false, true, true};
    static const bool b[] = {false, true, true, false};

    f->turn = (f->turn + (unsigned)(quarters + 4)) % 4;
    gpio_drive(&f->gpio, PIN_A, a[f->turn] ? LEVEL_HIGH : LEVEL_LOW);
    gpio_drive(&f->gpio, PIN_B, b[f->turn] ? LEVEL_HIGH : LEVEL_LOW);
    chip_pass(f->chip, PERIOD);
}

static void steps_are_counted_with_their_direction(void **state)
{
    struct fixture *f = *state;

    poke(f, START, 1);
    for (unsigned i = 0; i < 7; i++)
        turn(f, 1);
    assert_int_equal(peek(f, ACC), 7);
    assert_int_equal(peek(f, SAMPLE), 1);
    for (unsigned i = 0; i < 9; i++)
        turn(f, -1);
    assert_int_equal((int32_t)peek(f, ACC), -2);
    assert_int_equal((int32_t)peek(f, SAMPLE), -1);
    turn(f, 0);
    assert_int_equal((int32_t)peek(f, ACC), -2);
    assert_int_equal(peek(f, SAMPLE), 0);
}

static void a_sample_is_taken_each_period(void **state)
{
    struct fixture *f = *state;

    poke(f, SAMPLEPER, 3);
    poke(f, START, 1);
    chip_pass(f->chip, 8 * PERIOD - 1);
    assert_int_equal(peek(f, SAMPLERDY), 0);
    chip_pass(f->chip, 1);
    assert_int_equal(peek(f, SAMPLERDY), 1);
}

static void a_double_transition_has_no_direction(void **state)
{
    struct fixture *f = *state;

    poke(f, START, 1);
    turn(f, 2);
    assert_int_equal(peek(f, SAMPLE), 2);
    assert_int_equal(peek(f, ACCDBL), 1);
    assert_int_equal(peek(f, ACC), 0);
    for (unsigned i = 0; i < 15; i++)
        turn(f, 2);
    assert_int_equal(peek(f, ACCDBL), 15);
    assert_int_equal(peek(f, ACCOF), 1);
}

static void a_report_comes_only_with_movement(void **state)
{
    struct fixture *f = *state;

    poke(f, INTENSET, 1 << 1);
    poke(f, START, 1);
    for (unsigned i = 0; i < 10; i++)
        turn(f, 0);
    assert_int_equal(peek(f, REPORTRDY), 0);
    turn(f, 1);
    for (unsigned i = 0; i < 8; i++)
        turn(f, 0);
    assert_false(chip_irq(f->chip, IRQ));
    turn(f, 0);
    assert_true(chip_irq(f->chip, IRQ));
    assert_int_equal(peek(f, DBLRDY), 0);
}

static void reports_can_come_with_each_sample(void **state)
{
    struct fixture *f = *state;

    poke(f, REPORTPER, 8);
    poke(f, SHORTS, 1 << 0); /* REPORTRDY -> READCLRACC */
    poke(f, START, 1);
    turn(f, 1);
    assert_int_equal(peek(f, REPORTRDY), 1);
    assert_int_equal(peek(f, ACCREAD), 1);
    assert_int_equal(peek(f, ACC), 0);
}

static void accumulators_are_read_and_cleared_together_or_alone(void **state)
{
    struct fixture *f = *state;

    poke(f, START, 1);
    turn(f, 1);
    turn(f, 2);
    poke(f, RDCLRACC, 1);
    assert_int_equal(peek(f, ACCREAD), 1);
    assert_int_equal(peek(f, ACC), 0);
    assert_int_equal(peek(f, ACCDBL), 1);
    poke(f, RDCLRDBL, 1);
    assert_int_equal(peek(f, ACCDBLREAD), 1);
    assert_int_equal(peek(f, ACCDBL), 0);
    turn(f, 1);
    turn(f, 2);
    poke(f, READCLRACC, 1);
    assert_int_equal(peek(f, ACC), 0);
    assert_int_equal(peek(f, ACCDBL), 0);
}

static void stop_is_confirmed(void **state)
{
    struct fixture *f = *state;

    poke(f, START, 1);
    poke(f, STOP, 1);
    assert_int_equal(peek(f, STOPPED), 1);
    turn(f, 1);
    assert_int_equal(peek(f, SAMPLERDY), 0);
}

static void started_while_disabled_it_is_reported(void **state)
{
    struct fixture *f = *state;

    poke(f, ENABLE, 0);
    poke(f, START, 1);
    turn(f, 1);
    assert_int_equal(peek(f, SAMPLERDY), 0);
    assert_int_equal(f->chip->misuse[0].misuse, MISUSE_DISABLED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(steps_are_counted_with_their_direction),
        TEST(a_sample_is_taken_each_period),
        TEST(a_double_transition_has_no_direction),
        TEST(a_report_comes_only_with_movement),
        TEST(reports_can_come_with_each_sample),
        TEST(accumulators_are_read_and_cleared_together_or_alone),
        TEST(stop_is_confirmed),
        TEST(started_while_disabled_it_is_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
