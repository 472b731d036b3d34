/* SPDX-License-Identifier: Apache-2.0 */
/* SWO: registers of the ITM and of the trace port, as a firmware's printf uses them. */
#include "tests/cmocka.h"
#include "tests/cpu/harness.h"

#define STIM0 0xe0000000u
#define STIM1 0xe0000004u
#define TER 0xe0000e00u
#define TCR 0xe0000e80u
#define LAR 0xe0000fb0u
#define NO_ITM_REGISTER 0xe0000100u
#define ACPR 0xe0040010u
#define SPPR 0xe00400f0u
#define FFCR 0xe0040304u
#define NO_PORT_REGISTER 0xe0040400u
#define DEMCR 0xe000edfcu

#define TRCENA (1u << 24)

static void write_word(struct harness *harness, uint32_t address, uint32_t value)
{
    bus_write(&harness->bus, address, 4, value);
}

static uint32_t read_word(struct harness *harness, uint32_t address)
{
    return bus_read(&harness->bus, address, 4);
}

/* ITM_SendChar of CMSIS. */
static void print(struct harness *harness, const char *text)
{
    for (; *text; text++) {
        assert_int_equal(read_word(harness, STIM0), 1);
        bus_write(&harness->bus, STIM0, 1, (uint8_t)*text);
    }
}

static void enable(struct harness *harness)
{
    write_word(harness, DEMCR, TRCENA);
    write_word(harness, LAR, 0xc5acce55);
    write_word(harness, TCR, 1);
    write_word(harness, TER, 1);
}

static void what_is_written_to_port_0_appears(void **state)
{
    struct harness *harness = *state;

    enable(harness);
    print(harness, "one\n");
    write_word(harness, STIM0, 0x0a6f7774);
    write_word(harness, STIM1, 'x');
    assert_string_equal(text_string(&harness->console), "one\ntwo\n");
}

static void each_enable_bit_counts(void **state)
{
    static const uint32_t gates[] = {DEMCR, TCR, TER};
    struct harness *harness = *state;

    print(harness, "off");
    for (unsigned i = 0; i < 3; i++) {
        enable(harness);
        write_word(harness, gates[i], 0);
        print(harness, "off");
    }
    assert_int_equal(harness->console.length, 0);
    enable(harness);
    print(harness, "on");
    assert_string_equal(text_string(&harness->console), "on");
}

static void the_trace_port_keeps_what_it_is_given(void **state)
{
    struct harness *harness = *state;

    assert_int_equal(read_word(harness, FFCR), 0x102);
    write_word(harness, ACPR, 15);
    write_word(harness, SPPR, 2);
    write_word(harness, FFCR, 0x100);
    assert_int_equal(read_word(harness, ACPR), 15);
    assert_int_equal(read_word(harness, SPPR), 2);
    assert_int_equal(read_word(harness, FFCR), 0x100);
    cpu_reset(harness->cpu);
    assert_int_equal(read_word(harness, ACPR), 0);
    assert_int_equal(read_word(harness, FFCR), 0x102);
}

static void only_other_registers_are_reported(void **state)
{
    struct harness *harness = *state;

    harness_record(harness, TRACE_KIND(UNMODELLED));
    enable(harness);
    print(harness, "x");
    write_word(harness, ACPR, 15);
    assert_int_equal(harness_count(harness, OBS_UNMODELLED), 0);
    write_word(harness, NO_ITM_REGISTER, 1);
    read_word(harness, NO_PORT_REGISTER);
    assert_int_equal(harness_count(harness, OBS_UNMODELLED), 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, harness_setup, harness_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_written_to_port_0_appears),
        TEST(each_enable_bit_counts),
        TEST(the_trace_port_keeps_what_it_is_given),
        TEST(only_other_registers_are_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
