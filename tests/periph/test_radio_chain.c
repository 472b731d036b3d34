/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RADIO, CCM, AAR, TIMER0 and RTC0 joined by the fixed channels of PPI, as link layers use them (PS
 * v1.7, 6.16.1 Pre-programmed channels): nothing is done by a CPU on the way.
 */
#include "sim/base/bits.h"
#include "sim/base/rng.h"
#include "sim/base/text.h"
#include "sim/periph/aar.h"
#include "sim/periph/ccm.h"
#include "sim/periph/ppi.h"
#include "sim/periph/rtc.h"
#include "sim/periph/timer.h"
#include "tests/cmocka.h"
#include "tests/periph/radio_bench.h"

#include <string.h>

enum { TIMER0 = 0x40008000, RTC0 = 0x4000b000, CCM_AAR = 0x4000f000 };
enum { CHENSET = 0x4001f504, FORK = 0x4001f910, CH0_EEP = 0x4001f510, CH0_TEP = 0x4001f514 };
enum { CLEAR_TEXT = 0x20002000, CONFIG = 0x20002100, SCRATCH = 0x20002200, KEYS = 0x20002400 };
enum { ENDCRYPT = 0x104, MICSTATUS = 0x400 };

static struct ccm ccm;
static struct aar aar;
static struct ppi ppi;
static struct timer timer;
static struct rtc rtc;

static int set_up(void **state)
{
    struct fabric *fabric;

    (void)radio_set_up(state);
    fabric = &bench->chip->fabric;
    ccm_init(&ccm, fabric, &ccm_spec);
    aar_init(&aar, fabric, &aar_spec);
    timer_init(&timer, fabric, &timer_spec[0]);
    rtc_init(&rtc, fabric, &rtc_spec[0]);
    ppi_init(&ppi, fabric, &ppi_spec);
    fabric->publish = ppi_publish;
    fabric->publish_owner = &ppi;
    as_bluetooth();
    write_at(PCNF0, 0x00100108); /* with a byte of S1 in RAM, as CCM wants it */
    write_at(PCNF1, 0x000300ff); /* no whitening */
    write_at(MODECNF0, 1);
    return 0;
}

static void poke(guest_addr address, uint32_t value)
{
    chip_write(bench->chip, address, value);
}

static uint32_t peek(guest_addr address)
{
    uint32_t value = 0;

    assert_true(bus_peek(&bench->chip->bus, address, 4, &value));
    return value;
}

static void enable_channels(uint32_t channels)
{
    poke(CHENSET, channels);
}

/* ---- Encryption ------------------------------------------------------------------------------ */

/* The sample data of Bluetooth Core, Vol 6, Part C, 1: LL_START_ENC_RSP of the central. */
static void configure_ccm(uint32_t mode, guest_addr in, guest_addr out)
{
    static const uint8_t config[33] = {0x99, 0xad, 0x1b, 0x52, 0x26, 0xa3, 0x7e, 0x3e, 0x05,
                                       0x8e, 0x3b, 0x8e, 0x27, 0xc2, 0xc6, 0x66, 0,    0,
                                       0,    0,    0,    0,    0,    0,    1,    0x24, 0xab,
                                       0xdc, 0xba, 0xbe, 0xba, 0xaf, 0xde};

    put(CONFIG, config, sizeof config);
    poke(CCM_AAR + 0x500, 2);
    poke(CCM_AAR + 0x504, mode);
    poke(CCM_AAR + 0x508, CONFIG);
    poke(CCM_AAR + 0x50c, in);
    poke(CCM_AAR + 0x510, out);
    poke(CCM_AAR + 0x514, SCRATCH);
}

static void a_packet_is_encrypted_while_its_address_is_sent(void **state)
{
    static const uint8_t clear[] = {0x0f, 1, 0, 0x06};
    static const uint8_t stale[] = {0x55, 40, 0x55, 0x55};
    static const uint8_t on_air[] = {0x0f, 5, 0x9f, 0xcd, 0xa7, 0xf4, 0x48};

    (void)state;
    put(CLEAR_TEXT, clear, sizeof clear);
    put(PACKET, stale, sizeof stale); /* LENGTH of the packet before */
    configure_ccm(0, CLEAR_TEXT, PACKET);
    poke(CCM_AAR + 0x200, 1); /* ENDKSGEN_CRYPT */
    enable_channels(1u << 24);
    write_at(SHORTS, READY_START);
    write_at(TXEN, 1);
    (void)until(END);
    assert_int_equal(radio_last_sent.bits, 8 * (sizeof on_air + 3));
    assert_memory_equal(radio_last_sent.bytes, on_air, sizeof on_air);
    assert_int_equal(radio_last_sent.start, 40 * US);
    assert_int_equal(bench->chip->scheduler.state.now, (40 + 40 + 56 + 24) * US);
    assert_int_equal(bench->chip->misuses, 0);
}

static void the_end_of_the_packet_tells_that_ccm_is_done_too(void **state)
{
    a_packet_is_encrypted_while_its_address_is_sent(state);
    assert_int_equal(bench->opened, 5);
    assert_int_equal(read_at(PHYEND), 1);
    assert_int_equal(bench->observed, 5);
}

static void receive_encrypted(void)
{
    air_has("1ms ble1m 2402 : d6 be 89 8e : 0f 05 9f cd a7 f4 48 crc\n");
    memset(serial_ram(bench, PACKET), 0x55, 32);
    configure_ccm(1, PACKET, CLEAR_TEXT);
    enable_channels(1u << 24 | 1u << 25);
    write_at(SHORTS, READY_START);
    write_at(RXEN, 1);
    (void)serial_pass_until(bench, END, 10000 * US);
}

static void expect_decrypted(void)
{
    static const uint8_t clear[] = {0x0f, 1, 0, 0x06};

    assert_int_equal(peek(CCM_AAR + ENDCRYPT), 1);
    assert_int_equal(peek(CCM_AAR + MICSTATUS), 1);
    assert_memory_equal(serial_ram(bench, CLEAR_TEXT), clear, sizeof clear);
    assert_int_equal(bench->chip->misuses, 0);
}

static void a_packet_is_decrypted_while_it_is_received(void **state)
{
    (void)state;
    receive_encrypted();
    expect_decrypted();
}

static void ccm_waits_for_radio_at_any_timing(void **state)
{
    static const enum choice_policy policies[] = {CHOICE_EAGER, CHOICE_LAZY, CHOICE_RANDOM};

    for (unsigned i = 0; i < 3; i++) {
        chooser_set_dma_policy(&bench->chip->chooser, policies[i]);
        receive_encrypted();
        serial_pass(bench, 1000 * US);
        expect_decrypted();
        (void)radio_tear_down(state);
        (void)set_up(state);
    }
}

static void a_channel_to_a_block_that_is_off_does_nothing(void **state)
{
    (void)state;
    configure_ccm(1, PACKET, CLEAR_TEXT);
    poke(CCM_AAR + 0x500, 0);
    enable_channels(1u << 23 | 1u << 24 | 1u << 25);
    write_at(TXEN, 1);
    (void)until(READY);
    write_at(START, 1);
    (void)until(END);
    assert_int_equal(bench->chip->misuses, 0);
    assert_int_equal(bench->opened, 1);
}

/* ---- Addresses ------------------------------------------------------------------------------- */

static void an_address_is_resolved_while_the_packet_is_received(void **state)
{
    static const uint8_t key[16] = {0xec, 0x02, 0x34, 0xa3, 0x57, 0xc8, 0xad, 0x05,
                                    0x34, 0x10, 0x10, 0xa6, 0x0a, 0x39, 0x7d, 0x9b};

    (void)state;
    air_has("1ms ble1m 2402 : d6 be 89 8e : 40 0c aa fb 0d 94 81 70 01 02 03 04 05 06 crc\n");
    put(KEYS + 16, key, sizeof key);
    poke(CCM_AAR + 0x500, 3);
    poke(CCM_AAR + 0x504, 2);
    poke(CCM_AAR + 0x508, KEYS);
    poke(CCM_AAR + 0x510, PACKET);
    poke(CCM_AAR + 0x514, SCRATCH);
    enable_channels(1u << 23);
    write_at(BCC, 64);
    write_at(SHORTS, READY_START | ADDRESS_BCSTART);
    write_at(RXEN, 1);
    (void)serial_pass_until(bench, END, 10000 * US);
    assert_int_equal(peek(CCM_AAR + 0x104), 1); /* RESOLVED */
    assert_int_equal(peek(CCM_AAR + 0x400), 1); /* STATUS */
}

/* ---- Time ------------------------------------------------------------------------------------ */

static void start_timer(void)
{
    poke(TIMER0 + 0x508, 3); /* 32 bits */
    poke(TIMER0 + 0x510, 4); /* 1 MHz */
    poke(TIMER0 + 0x000, 1);
}

static void timer0_starts_and_ends_what_the_radio_does(void **state)
{
    (void)state;
    poke(TIMER0 + 0x540, 100);
    poke(TIMER0 + 0x544, 500);
    enable_channels(1u << 21 | 1u << 22);
    start_timer();
    assert_int_equal(until(RXREADY), 140 * US);
    assert_in_range(until(DISABLED), 360 * US, 361 * US);
    enable_channels(1u << 20);
    poke(TIMER0 + 0x00c, 1);
    assert_in_range(until(TXREADY), 140 * US, 141 * US);
}

static void timer0_keeps_the_times_of_address_and_end(void **state)
{
    static const uint8_t packet[] = {0, 2, 0, 0x12, 0x34};

    (void)state;
    put(PACKET, packet, sizeof packet);
    poke(TIMER0 + 0x540, 10);
    enable_channels(1u << 20 | 1u << 26 | 1u << 27);
    write_at(SHORTS, READY_START);
    start_timer();
    (void)until(END);
    assert_int_equal(peek(TIMER0 + 0x544), 10 + 40 + 40);
    assert_int_equal(peek(TIMER0 + 0x548), 10 + 40 + 40 + 32 + 24);
}

static void start_rtc(void)
{
    wire_set(&bench->chip->wires, WIRE_LFCLK, true);
    poke(RTC0 + 0x540, 4);
    poke(RTC0 + 0x344, 1 << 16); /* EVTENSET: COMPARE[0] */
    poke(RTC0 + 0x000, 1);
}

static void rtc0_starts_the_timer_that_starts_the_radio(void **state)
{
    (void)state;
    poke(TIMER0 + 0x508, 3);
    poke(TIMER0 + 0x510, 4);
    poke(TIMER0 + 0x540, 50);
    enable_channels(1u << 21 | 1u << 30 | 1u << 31);
    start_rtc();
    serial_pass(bench, 60 * US);
    assert_int_equal(read_at(STATE), IS_DISABLED);
    (void)until(RXREADY);
    assert_in_range(bench->chip->scheduler.state.now, (122 + 90) * US, (122 + 46 + 90 + 31) * US);
}

static void rtc0_starts_the_radio_itself(void **state)
{
    (void)state;
    enable_channels(1u << 28);
    start_rtc();
    (void)until(TXREADY);
    (void)radio_tear_down(state);
    (void)set_up(state);
    enable_channels(1u << 29);
    start_rtc();
    (void)until(RXREADY);
}

static void a_fork_does_a_second_thing_at_the_same_time(void **state)
{
    (void)state;
    poke(TIMER0 + 0x540, 100);
    poke(FORK + 4 * 21, TIMER0 + 0x04c); /* CAPTURE[3] */
    enable_channels(1u << 21);
    start_timer();
    (void)until(RXREADY);
    assert_int_equal(peek(TIMER0 + 0x54c), 100);
    poke(CH0_EEP, 0x40001110);  /* DISABLED */
    poke(CH0_TEP, 0x40001000);  /* TXEN */
    poke(FORK, TIMER0 + 0x048); /* CAPTURE[2] */
    enable_channels(1);
    write_at(DISABLE, 1);
    (void)until(TXREADY);
    assert_int_not_equal(peek(TIMER0 + 0x548), 0);
}

/* ---- Anything ----------------------------------------------------------------------------------
 */

static guest_addr some_register(struct rng *rng)
{
    static const guest_addr pages[] = {0x40001000, CCM_AAR};
    static const uint32_t ranges[][2] = {{0x000, 0x030}, {0x100, 0x16c}, {0x500, 0x56c}};
    unsigned range = rng_between(rng, 0, 2);

    return pages[rng_between(rng, 0, 1)] +
           (rng_between(rng, ranges[range][0], ranges[range][1]) & ~3u);
}

/* Tasks, events and settings at random, while packets come and go: nothing to be proved but that
 * the machine stands it. */
static void any_use_of_the_registers_is_survived(void **state)
{
    struct rng rng;

    (void)state;
    rng_seed(&rng, 6);
    for (unsigned i = 0; i < 400; i++) {
        struct text line = {0};

        text_printf(&line, "%uus %s 2402 : d6 be 89 8e : 40 %02x 01 02 03 04 05 06 07 08\n",
                    1000 + i * 200, i % 2 ? "ble1m" : "ble500k",
                    (unsigned)rng_between(&rng, 0, 255));
        air_has(text_string(&line));
        text_free(&line);
    }
    for (unsigned i = 0; i < 20000; i++) {
        uint32_t value = (uint32_t)rng_next(&rng);

        if (i % 50 == 0) {
            as_bluetooth();
            write_at(SHORTS, value | READY_START);
            poke(CCM_AAR + 0x500, 2 + (value >> 7 & 1));
            poke(CCM_AAR + 0x508, CONFIG);
            write_at(value & 1 ? TXEN : RXEN, 1);
        }
        bench->chip->misuses = 0;
        poke(some_register(&rng), i % 3 ? 1 : value);
        serial_pass(bench, rng_between(&rng, 0, 2000));
    }
    assert_true(bench->opened > 100);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, radio_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_packet_is_encrypted_while_its_address_is_sent),
        TEST(the_end_of_the_packet_tells_that_ccm_is_done_too),
        TEST(a_packet_is_decrypted_while_it_is_received),
        TEST(ccm_waits_for_radio_at_any_timing),
        TEST(a_channel_to_a_block_that_is_off_does_nothing),
        TEST(an_address_is_resolved_while_the_packet_is_received),
        TEST(timer0_starts_and_ends_what_the_radio_does),
        TEST(timer0_keeps_the_times_of_address_and_end),
        TEST(rtc0_starts_the_timer_that_starts_the_radio),
        TEST(rtc0_starts_the_radio_itself),
        TEST(any_use_of_the_registers_is_survived),
        TEST(a_fork_does_a_second_thing_at_the_same_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
