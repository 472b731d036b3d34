/* SPDX-License-Identifier: Apache-2.0 */
/* What compilers make of REGISTER |= bits is recognised, and nothing else. */
#include "sim/periph/modify.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "tests/cmocka.h"
#include "tests/periph/usbd_bench.h"

enum { CODE = 0x20000400, EVENTCAUSE = 0x400, EPDATASTATUS = 0x46c };

struct listing {
    const char *what;
    unsigned load; /* offsets into the code */
    unsigned store;
    unsigned count;
    uint16_t code[10];
    bool adds;
};

static const struct listing listings[] = {
    {"ldr r3,[r2]; orr r3,#0x400; str r3,[r2]", 0, 6, 4, {0x6813, 0xf443, 0x6380, 0x6013}, true},
    {"ldr r3,[r2]; orrs r3,r1; str r3,[r2]", 0, 4, 3, {0x6813, 0x430b, 0x6013}, true},
    {"ldr r3,[r2]; orrs r1,r3; str r1,[r2]", 0, 4, 3, {0x6813, 0x4319, 0x6011}, true},
    {"ldr.w r3,[r3,#1024]; ldr r2,=x; orr r3,#0x400; str.w r3,[r2,#1024]",
     0,
     10,
     7,
     {0xf8d3, 0x3400, 0x4a05, 0xf443, 0x6380, 0xf8c2, 0x3400},
     true},
    {"ldr r3,[r2]; orr.w r0,r3,r1; str r0,[r2]", 0, 6, 4, {0x6813, 0xea43, 0x0001, 0x6010}, true},
    {"ldr r3,[r2]; movs r1,#4; orrs r3,r1; str r3,[r2]",
     0,
     6,
     4,
     {0x6813, 0x2104, 0x430b, 0x6013},
     true},
    {"ldr r3,[r2]; str r3,[r2]", 0, 2, 2, {0x6813, 0x6013}, false},
    {"ldr r3,[r2]; movs r3,#4; str r3,[r2]", 0, 4, 3, {0x6813, 0x2304, 0x6013}, false},
    {"ldr r3,[r2]; bic r3,#0x400; str r3,[r2]", 0, 6, 4, {0x6813, 0xf423, 0x6380, 0x6013}, false},
    {"ldr r3,[r2]; orr r1,r0,#0x400; str r3,[r2]",
     0,
     6,
     4,
     {0x6813, 0xf440, 0x6180, 0x6013},
     false},
    {"ldr r3,[r2]; orrs r3,r1; str r4,[r2]", 0, 4, 3, {0x6813, 0x430b, 0x6014}, false},
    {"ldr r3,[r2]; orrs r3,r1; movs r3,#1; str r3,[r2]",
     0,
     6,
     4,
     {0x6813, 0x430b, 0x2301, 0x6013},
     false},
    {"ldr r3,[r2]; orrs r3,r1; b; str r3,[r2]", 0, 6, 4, {0x6813, 0x430b, 0xe7fe, 0x6013}, false},
    {"ldr r3,[r2]; mov.w r1,#4; str r3,[r2]", 0, 6, 4, {0x6813, 0xf04f, 0x0104, 0x6013}, false},
    {"adds; orrs r3,r1; str r3,[r2]", 0, 4, 3, {0x3301, 0x430b, 0x6013}, false},
    {"the store before the load", 4, 0, 3, {0x6013, 0x430b, 0x6813}, false},
    {"ldr r3,[r2]; ldr r1,[r2]; orrs r3,r1; str r3,[r2]: both are the register",
     2,
     6,
     4,
     {0x6813, 0x6811, 0x430b, 0x6013},
     false},
    {"ldr r3,[r2]; ldr r1,[r2]; orrs r3,r1; orrs r3,r0; str r3,[r2]",
     2,
     8,
     5,
     {0x6813, 0x6811, 0x430b, 0x4303, 0x6013},
     true},
    {"ldr r3,[r2]; ldr r1,[r2]; movs r3,#4; orrs r3,r1; str r3,[r2]",
     2,
     8,
     5,
     {0x6813, 0x6811, 0x2304, 0x430b, 0x6013},
     true},
    {"ldr r3,[r2]; lsls r1,r3,#2; ldr r3,[r2]; orrs r3,r0; str r3,[r2]",
     4,
     8,
     5,
     {0x6813, 0x0099, 0x6813, 0x4303, 0x6013},
     true},
    {"ldr r0,[r6]; mov r1,r8; orr.w r0,r0,#0x20000; str r0,[r6]",
     0,
     8,
     5,
     {0x6830, 0x4641, 0xf440, 0x3000, 0x6030},
     true},
    {"ldr r0,[r6]; mov r1,r0; orrs r1,r2; str r1,[r6]",
     0,
     6,
     4,
     {0x6830, 0x4601, 0x4311, 0x6031},
     true},
    {"ldr r0,[r6]; movs r1,#1; lsls r1,r2; orrs r0,r1; str r0,[r6]",
     0,
     8,
     5,
     {0x6830, 0x2101, 0x4091, 0x4308, 0x6030},
     true},
    {"ldr r0,[r6]; lsls r0,r0,#3; orrs r0,r1; str r0,[r6]",
     0,
     6,
     4,
     {0x6830, 0x00c0, 0x4308, 0x6030},
     false},
    {"a store in the middle of an instruction", 0, 4, 4, {0x6813, 0xf443, 0x6380, 0x6013}, false},
};

static int set_up(void **state)
{
    *state = chip_new();
    return 0;
}

static int tear_down(void **state)
{
    chip_free(*state);
    return 0;
}

static void put_code(struct chip *chip, const struct listing *listing)
{
    for (unsigned i = 0; i < listing->count; i++)
        store_le(memory_at(&chip->memory, (struct byte_range){CODE + 2 * i, 2}), 2,
                 listing->code[i]);
}

static void only_an_orr_of_what_was_loaded_counts(void **state)
{
    struct chip *chip = *state;

    for (unsigned i = 0; i < ARRAY_LENGTH(listings); i++) {
        const struct listing *listing = &listings[i];

        put_code(chip, listing); /* what it reads first may be the same register */
        if (code_adds_bits(&chip->memory, CODE, CODE + listing->load, CODE + listing->store) !=
            listing->adds)
            fail_msg("wrong about: %s", listing->what);
    }
}

static void code_far_apart_or_nowhere_is_not_looked_at(void **state)
{
    struct chip *chip = *state;

    put_code(chip, &listings[0]);
    assert_false(code_adds_bits(&chip->memory, CODE, CODE, CODE + 100));
    assert_false(code_adds_bits(&chip->memory, 0xe0000000, 0xe0000000, 0xe0000006));
}

/* The CPU is at `pc` when it reads one register, and behind the ORR when it writes the other. */
static void modifies(struct bench *bench, uint32_t read, uint32_t written, uint32_t value)
{
    put_code(bench->chip, &listings[0]);
    bench->chip->trace.state.pc = CODE;
    (void)peek(bench, read);
    bench->chip->trace.state.pc = CODE + listings[0].store;
    poke(bench, written, value);
}

static void or_into_a_write_1_to_clear_register_is_reported(void **state)
{
    struct bench *bench = *state;

    modifies(bench, EPDATASTATUS, EPDATASTATUS, 1 << 17 | 1 << 1);
    assert_misused(bench, MISUSE_W1C_MODIFIED, EPDATASTATUS);
}

static void or_with_what_came_from_another_register_is_not(void **state)
{
    struct bench *bench = *state;

    modifies(bench, EVENTCAUSE, EPDATASTATUS, 1 << 17 | 1 << 1);
    assert_no_misuse(bench);
}

static void writing_back_what_was_read_clears_it_and_is_right(void **state)
{
    struct bench *bench = *state;

    put_code(bench->chip, &listings[6]);
    bench->chip->trace.state.pc = CODE;
    (void)peek(bench, EPDATASTATUS);
    bench->chip->trace.state.pc = CODE + listings[6].store;
    poke(bench, EPDATASTATUS, 1 << 17 | 1 << 1);
    assert_no_misuse(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_an_orr_of_what_was_loaded_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(code_far_apart_or_nowhere_is_not_looked_at, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(or_into_a_write_1_to_clear_register_is_reported,
                                        bench_on_bus, bench_remove),
        cmocka_unit_test_setup_teardown(or_with_what_came_from_another_register_is_not,
                                        bench_on_bus, bench_remove),
        cmocka_unit_test_setup_teardown(writing_back_what_was_read_clears_it_and_is_right,
                                        bench_on_bus, bench_remove),
    };

    return cmocka_run_group_tests_name("read-modify-write", tests, NULL, NULL);
}
