/* SPDX-License-Identifier: Apache-2.0 */
/* ECB, CCM and AAR, poked without a CPU (PS v1.7, 6.7, 6.4 and 6.1). */
#include "sim/base/bits.h"
#include "sim/periph/aar.h"
#include "sim/periph/ccm.h"
#include "sim/periph/ecb.h"
#include "tests/cmocka.h"
#include "tests/periph/serial_bench.h"

#include <stdio.h>
#include <string.h>

enum { ECB = 0x4000e000, CCM_AAR = 0x4000f000, LINE_ECB_ = 14, LINE_CCM_ = 15, US = 64 };
enum { DATA = 0x20001000, CONFIG = 0x20001000, IN = 0x20001100, OUT = 0x20001280 };
enum { SCRATCH = 0x20001400, LONG_TIME = 10000 * 64 };
enum { /* ECB */
       STARTECB = 0x000,
       STOPECB = 0x004,
       ENDECB = 0x100,
       ERRORECB = 0x104,
       INTENSET = 0x304,
       ECBDATAPTR = 0x504,
};
enum { /* CCM */
       KSGEN = 0x000,
       CRYPT = 0x004,
       STOP = 0x008,
       ENDKSGEN = 0x100,
       ENDCRYPT = 0x104,
       ERROR = 0x108,
       SHORTS = 0x200,
       MICSTATUS = 0x400,
       ENABLE = 0x500,
       MODE = 0x504,
       CNFPTR = 0x508,
       INPTR = 0x50c,
       OUTPTR = 0x510,
       SCRATCHPTR = 0x514,
       MAXPACKETSIZE = 0x518,
};
enum { /* AAR */
       START = 0x000,
       END = 0x100,
       RESOLVED = 0x104,
       NOTRESOLVED = 0x108,
       STATUS = 0x400,
       NIRK = 0x504,
       IRKPTR = 0x508,
       ADDRPTR = 0x510,
};

static struct serial_bench *bench;
static struct ecb ecb;
static struct ccm ccm;
static struct aar aar;

static void write_at(uint32_t offset, uint32_t value)
{
    serial_write(bench, offset, value);
}

static uint32_t read_at(uint32_t offset)
{
    return serial_read(bench, offset);
}

static sim_time until(uint32_t event)
{
    sim_time took = serial_pass_until(bench, event, LONG_TIME);

    assert_int_equal(read_at(event), 1);
    write_at(event, 0);
    return took;
}

/* Bytes as in the documents: "0123 45". */
static unsigned put(guest_addr address, const char *hex)
{
    unsigned size = 0;

    for (; *hex; hex++) {
        unsigned high;

        if (*hex == ' ')
            continue;
        assert_int_equal(sscanf(hex, "%2x", &high), 1);
        *serial_ram(bench, address + size++) = (uint8_t)high;
        hex++;
    }
    return size;
}

static void expect(guest_addr address, const char *hex)
{
    uint8_t before[64];
    uint8_t wanted[64];
    unsigned size;

    memcpy(before, serial_ram(bench, address), sizeof before);
    size = put(address, hex);
    memcpy(wanted, serial_ram(bench, address), sizeof wanted);
    memcpy(serial_ram(bench, address), before, sizeof before);
    assert_memory_equal(before, wanted, size);
}

static int set_up(void **state)
{
    (void)state;
    bench = serial_bench_new(NULL, ECB);
    ecb_init(&ecb, &bench->chip->fabric, &ecb_spec);
    ccm_init(&ccm, &bench->chip->fabric, &ccm_spec);
    aar_init(&aar, &bench->chip->fabric, &aar_spec);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serial_bench_free(bench);
    return 0;
}

/* ---- ECB ------------------------------------------------------------------------------------- */

/* FIPS 197, appendix B and C.1. */
static void ecb_encrypts_as_fips_197_says(void **state)
{
    (void)state;
    write_at(ECBDATAPTR, DATA);
    write_at(INTENSET, 1);
    put(DATA, "2b7e151628aed2a6abf7158809cf4f3c 3243f6a8885a308d313198a2e0370734");
    write_at(STARTECB, 1);
    assert_in_range(serial_pass_until(bench, ENDECB, LONG_TIME), 7 * US, 12 * US);
    assert_true(chip_irq(bench->chip, LINE_ECB_));
    expect(DATA + 32, "3925841d02dc09fbdc118597196a0b32");
    write_at(ENDECB, 0);
    put(DATA, "000102030405060708090a0b0c0d0e0f 00112233445566778899aabbccddeeff");
    write_at(STARTECB, 1);
    (void)until(ENDECB);
    expect(DATA + 32, "69c4e0d86a7b0430d8cdb78070b4c55a");
    assert_int_equal(bench->chip->misuses, 0);
}

static void the_end_of_ecb_frees_input_and_output(void **state)
{
    (void)state;
    write_at(ECBDATAPTR, DATA);
    write_at(STARTECB, 1);
    assert_int_equal(bench->opened, 2);
    (void)serial_pass_until(bench, ENDECB, LONG_TIME);
    assert_int_equal(bench->observed, 0);
    (void)read_at(ENDECB);
    assert_int_equal(bench->observed, 2);
}

static void a_stopped_ecb_writes_nothing(void **state)
{
    (void)state;
    write_at(ECBDATAPTR, DATA);
    put(DATA + 32, "5555");
    write_at(STARTECB, 1);
    serial_pass(bench, 2 * US);
    write_at(STOPECB, 1);
    (void)until(ERRORECB);
    serial_pass(bench, 100 * US);
    assert_int_equal(read_at(ENDECB), 0);
    expect(DATA + 32, "5555");
    write_at(STARTECB, 1);
    (void)until(ENDECB);
}

static void a_second_start_of_ecb_is_reported(void **state)
{
    (void)state;
    write_at(ECBDATAPTR, DATA);
    write_at(STARTECB, 1);
    write_at(STARTECB, 1);
    assert_int_equal(bench->chip->misuses, 1);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_DMA_BUSY);
}

/* ---- CCM ------------------------------------------------------------------------------------- */

/* Key and nonce of the sample data of Bluetooth Core, Vol 6, Part C, 1. */
static void configure(unsigned counter, unsigned direction)
{
    bench->base = CCM_AAR;
    put(CONFIG, "99ad1b5226a37e3e058e3b8e27c2c666 0000000000000000 00 24abdcba beba afde");
    *serial_ram(bench, CONFIG + 16) = (uint8_t)counter;
    *serial_ram(bench, CONFIG + 24) = (uint8_t)direction;
    write_at(ENABLE, 2);
    write_at(MODE, 0);
    write_at(CNFPTR, CONFIG);
    write_at(INPTR, IN);
    write_at(OUTPTR, OUT);
    write_at(SCRATCHPTR, SCRATCH);
    write_at(SHORTS, 1);
}

static void ccm_encrypts_the_sample_data_of_bluetooth(void **state)
{
    (void)state;
    configure(0, 1);
    put(IN, "0f 01 00 06"); /* LL_START_ENC_RSP of the central */
    write_at(KSGEN, 1);
    (void)until(ENDCRYPT);
    expect(OUT, "0f 05 00 9f cda7f448");
    configure(0, 0);
    put(IN, "07 01 00 06"); /* and of the peripheral */
    write_at(KSGEN, 1);
    (void)until(ENDCRYPT);
    expect(OUT, "07 05 00 a3 4c13a415");
    assert_int_equal(bench->chip->misuses, 0);
}

static void ccm_encrypts_a_data_packet_of_27_bytes(void **state)
{
    (void)state;
    configure(1, 1);
    put(IN,
        "0e 1b 00 17 00 63 64 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70 71 31 32 33 34 35 36 37 38 39 "
        "30");
    write_at(KSGEN, 1);
    (void)until(ENDCRYPT);
    expect(OUT,
           "0e 1f 00 7a 70 d6 64 15 22 6d f2 6b 17 83 9a 06 04 05 59 6b d6 56 4f 79 6b 5b 9c e6 "
           "ff 32 f7 5a 6d 33");
}

static void ccm_decrypts_what_it_has_encrypted(void **state)
{
    (void)state;
    configure(5, 0);
    write_at(MODE, 0x01000000);
    *serial_ram(bench, IN) = 2;
    *serial_ram(bench, IN + 1) = 200;
    for (unsigned i = 0; i < 200; i++)
        *serial_ram(bench, IN + 3 + i) = (uint8_t)i;
    write_at(KSGEN, 1);
    (void)until(ENDCRYPT);
    assert_int_equal(*serial_ram(bench, OUT + 1), 204);
    memcpy(serial_ram(bench, IN), serial_ram(bench, OUT), 207);
    memset(serial_ram(bench, OUT), 0x55, 210);
    write_at(MODE, 0x01000001);
    write_at(KSGEN, 1);
    (void)until(ENDCRYPT);
    assert_int_equal(read_at(MICSTATUS), 1);
    assert_int_equal(*serial_ram(bench, OUT + 1), 200);
    for (unsigned i = 0; i < 200; i++)
        assert_int_equal(*serial_ram(bench, OUT + 3 + i), i);
    assert_int_equal(*serial_ram(bench, OUT + 203), 0x55);
}

static void a_changed_byte_or_counter_fails_the_mic(void **state)
{
    (void)state;
    configure(0, 1);
    write_at(MODE, 1);
    put(IN, "0f 05 00 9f cda7f448");
    write_at(KSGEN, 1);
    (void)until(ENDCRYPT);
    assert_int_equal(read_at(MICSTATUS), 1);
    expect(OUT, "0f 01 00 06");
    put(IN, "0f 05 00 9f cda7f449");
    write_at(KSGEN, 1);
    (void)until(ENDCRYPT);
    assert_int_equal(read_at(MICSTATUS), 0);
    configure(1, 1);
    write_at(MODE, 1);
    put(IN, "0f 05 00 9f cda7f448");
    write_at(KSGEN, 1);
    (void)until(ENDCRYPT);
    assert_int_equal(read_at(MICSTATUS), 0);
}

static void an_empty_packet_passes_as_it_is(void **state)
{
    (void)state;
    configure(0, 1);
    put(IN, "0d 00 00");
    put(OUT, "55 55 55 55");
    write_at(KSGEN, 1);
    (void)until(ENDCRYPT);
    expect(OUT, "0d 00 00 55");
}

static void crypt_needs_a_key_stream(void **state)
{
    (void)state;
    configure(0, 1);
    write_at(SHORTS, 0);
    put(IN, "0f 01 00 06");
    write_at(CRYPT, 1);
    (void)until(ERROR);
    write_at(KSGEN, 1);
    (void)until(ENDKSGEN);
    write_at(CRYPT, 1);
    (void)until(ENDCRYPT);
    write_at(CRYPT, 1); /* each packet needs its own */
    (void)until(ERROR);
}

static void the_scratch_area_is_in_use_until_the_packet_is_done(void **state)
{
    (void)state;
    configure(0, 1);
    write_at(SHORTS, 0);
    put(IN, "0f 01 00 06");
    write_at(KSGEN, 1);
    (void)until(ENDKSGEN);
    assert_int_equal(bench->observed, 1); /* key and nonce */
    write_at(CRYPT, 1);
    (void)until(ENDCRYPT);
    assert_int_equal(bench->observed, 4);
    assert_int_equal(bench->opened, 4);
    assert_int_equal(bench->chip->misuses, 0);
}

static void a_stopped_ccm_raises_nothing(void **state)
{
    (void)state;
    configure(0, 1);
    write_at(KSGEN, 1);
    serial_pass(bench, 1 * US);
    write_at(STOP, 1);
    serial_pass(bench, 1000 * US);
    assert_int_equal(read_at(ENDKSGEN), 0);
    assert_int_equal(read_at(ENDCRYPT), 0);
}

static void without_enable_ccm_does_nothing(void **state)
{
    (void)state;
    configure(0, 1);
    write_at(ENABLE, 0);
    write_at(KSGEN, 1);
    serial_pass(bench, 1000 * US);
    assert_int_equal(read_at(ENDKSGEN), 0);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_DISABLED);
}

/* ---- AAR ------------------------------------------------------------------------------------- */

/* Bluetooth Core, Vol 3, Part H, appendix D.7: this key, prand 708194, hash 0dfbaa. */
#define IRK_OF_THE_SAMPLE "ec0234a357c8ad05341010a60a397d9b"
#define NO_IRK "000102030405060708090a0b0c0d0e0f"

static void resolve(const char *keys, unsigned count)
{
    bench->base = CCM_AAR;
    put(CONFIG, keys);
    put(IN, "40 06 00 aafb0d 948170");
    write_at(ENABLE, 3);
    write_at(NIRK, count);
    write_at(IRKPTR, CONFIG);
    write_at(ADDRPTR, IN);
    write_at(SCRATCHPTR, SCRATCH);
    write_at(START, 1);
}

static void aar_finds_the_key_of_the_sample_data(void **state)
{
    (void)state;
    resolve(NO_IRK IRK_OF_THE_SAMPLE NO_IRK, 3);
    assert_in_range(serial_pass_until(bench, END, LONG_TIME), 12 * US, 20 * US);
    assert_int_equal(read_at(RESOLVED), 1);
    assert_int_equal(read_at(NOTRESOLVED), 0);
    assert_int_equal(read_at(STATUS), 1);
    assert_int_equal(bench->opened, 3);
    assert_int_equal(bench->observed, 3);
    expect(SCRATCH, "0dfbaa");
}

static void aar_says_when_no_key_fits(void **state)
{
    (void)state;
    resolve(NO_IRK NO_IRK, 2);
    (void)until(END);
    assert_int_equal(read_at(RESOLVED), 0);
    (void)until(NOTRESOLVED);
    resolve(NO_IRK IRK_OF_THE_SAMPLE, 1);
    (void)until(NOTRESOLVED);
    assert_int_equal(bench->chip->misuses, 0);
}

static void without_keys_aar_ends_at_once(void **state)
{
    (void)state;
    resolve(NO_IRK, 0);
    (void)until(NOTRESOLVED);
    (void)until(END);
}

static void a_stopped_aar_finds_nothing(void **state)
{
    (void)state;
    resolve(NO_IRK IRK_OF_THE_SAMPLE, 2);
    serial_pass(bench, 3 * US);
    write_at(STOP, 1);
    (void)until(END);
    serial_pass(bench, 100 * US);
    assert_int_equal(read_at(RESOLVED), 0);
    assert_int_equal(read_at(END), 0);
}

static void every_timing_gives_the_same_result(void **state)
{
    static const enum choice_policy policies[] = {CHOICE_EAGER, CHOICE_LAZY, CHOICE_RANDOM};

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        chooser_set_dma_policy(&bench->chip->chooser, policies[i]);
        bench->chip->chooser.other_policy = policies[i];
        bench->base = ECB;
        write_at(ECBDATAPTR, DATA);
        put(DATA, "000102030405060708090a0b0c0d0e0f 00112233445566778899aabbccddeeff");
        write_at(STARTECB, 1);
        (void)until(ENDECB);
        expect(DATA + 32, "69c4e0d86a7b0430d8cdb78070b4c55a");
        configure(0, 1);
        put(IN, "0f 01 00 06");
        write_at(KSGEN, 1);
        (void)until(ENDCRYPT);
        expect(OUT, "0f 05 00 9f cda7f448");
        resolve(NO_IRK IRK_OF_THE_SAMPLE, 2);
        (void)until(RESOLVED);
        assert_int_equal(read_at(STATUS), 1);
        write_at(END, 0);
        write_at(NOTRESOLVED, 0);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ecb_encrypts_as_fips_197_says),
        TEST(the_end_of_ecb_frees_input_and_output),
        TEST(a_stopped_ecb_writes_nothing),
        TEST(a_second_start_of_ecb_is_reported),
        TEST(ccm_encrypts_the_sample_data_of_bluetooth),
        TEST(ccm_encrypts_a_data_packet_of_27_bytes),
        TEST(ccm_decrypts_what_it_has_encrypted),
        TEST(a_changed_byte_or_counter_fails_the_mic),
        TEST(an_empty_packet_passes_as_it_is),
        TEST(crypt_needs_a_key_stream),
        TEST(the_scratch_area_is_in_use_until_the_packet_is_done),
        TEST(a_stopped_ccm_raises_nothing),
        TEST(without_enable_ccm_does_nothing),
        TEST(aar_finds_the_key_of_the_sample_data),
        TEST(aar_says_when_no_key_fits),
        TEST(without_keys_aar_ends_at_once),
        TEST(a_stopped_aar_finds_nothing),
        TEST(every_timing_gives_the_same_result),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
