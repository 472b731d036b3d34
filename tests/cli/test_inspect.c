/* SPDX-License-Identifier: Apache-2.0 */
/* fencepost inspect: what an image is, and what is odd about it. */
#include "tests/cli/program.h"
#include "tests/cmocka.h"

#include "sim/base/bits.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define USB_5 FIRMWARE_DIR "/" FIRMWARE_DEFAULT "/usb-5.elf"

static struct outcome outcome;

static void an_image_is_described(void **state)
{
    (void)state;
    run_program(&outcome, "inspect " USB_5);
    assert_code(&outcome, 0);
    assert_says(&outcome, "ELF, with debug information");
    assert_says(&outcome, "of flash");
    assert_says(&outcome, "vectors      at 0x00000000, initial stack 0x20040000");
    assert_says(&outcome, "IRQ 39 USBD: ");
    assert_says(&outcome, "boots        by itself");
    assert_says(&outcome, "USBD, in ");
}

/* `reset` and the HardFault handler of a raw binary with a bare vector table. */
static void write_image(const char *path, uint32_t hard_fault)
{
    uint8_t bytes[512] = {0};
    FILE *file = fopen(path, "wb");

    store_le(bytes, 4, 0x20001000);
    store_le(bytes + 4, 4, 0x101);
    store_le(bytes + 12, 4, hard_fault);
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, sizeof bytes, file), sizeof bytes);
    assert_int_equal(fclose(file), 0);
}

static void vectors_that_would_fault_are_pointed_out(void **state)
{
    char path[] = FIRMWARE_DIR "/inspected.bin";

    (void)state;
    write_image(path, 0x102);
    run_program(&outcome, "inspect " FIRMWARE_DIR "/inspected.bin");
    assert_says(&outcome, "HardFault: 0x00000102 is even: not Thumb code");
    write_image(path, 0x80001);
    run_program(&outcome, "inspect " FIRMWARE_DIR "/inspected.bin");
    assert_says(&outcome, "HardFault: 0x00080000 points to where nothing is loaded");
    (void)remove(path);
}

static void a_binary_goes_where_its_name_says(void **state)
{
    static const char path[] = FIRMWARE_DIR "/inspected.bin";
    static uint8_t bytes[0x400];
    FILE *file = fopen(path, "wb");

    (void)state;
    assert_non_null(file);
    store_le(bytes, 4, 0x20001000);
    store_le(bytes + 4, 4, 0x10101);
    assert_int_equal(fwrite(bytes, 1, sizeof bytes, file), sizeof bytes);
    assert_int_equal(fclose(file), 0);
    run_program(&outcome, "inspect " FIRMWARE_DIR "/inspected.bin@0x10000");
    assert_code(&outcome, 0);
    assert_says(&outcome, "vectors      at 0x00010000, initial stack 0x20001000");
    run_program(&outcome, "inspect " FIRMWARE_DIR "/inspected.bin");
    assert_code(&outcome, 2);
    assert_says(&outcome, "say where the binary goes: app.bin@0x26000");
    run_program(&outcome, "inspect " FIRMWARE_DIR "/inspected.bin@0x1fffffff");
    assert_code(&outcome, 2);
    assert_says(&outcome, "0 fit at 0x1fffffff");
    (void)remove(path);
}

/* As of a boot record that forwards all exceptions. */
static void stubs_of_equal_size_are_one_line(void **state)
{
    static const char path[] = FIRMWARE_DIR "/inspected.bin";
    static uint8_t bytes[0x1000];
    FILE *file = fopen(path, "wb");

    (void)state;
    assert_non_null(file);
    store_le(bytes, 4, 0x20001000);
    store_le(bytes + 4, 4, 0x101);
    store_le(bytes + 12, 4, 0x181);
    for (unsigned line = 0; line < 48; line++)
        store_le(bytes + 64 + 4 * line, 4, 0x201 + 10 * line);
    store_le(bytes + 64 + 4 * 20, 4, 0x801);
    assert_int_equal(fwrite(bytes, 1, sizeof bytes, file), sizeof bytes);
    assert_int_equal(fclose(file), 0);
    run_program(&outcome, "inspect " FIRMWARE_DIR "/inspected.bin");
    assert_says(&outcome, "HardFault: 0x00000180\n");
    assert_says(&outcome, "IRQ 0 POWER_CLOCK to IRQ 19 COMP_LPCOMP: 0x00000200 to 0x000002be, one "
                          "every 10 bytes\n");
    assert_says(&outcome, "IRQ 20 EGU0: 0x00000800\n");
    assert_says(&outcome,
                "IRQ 21 EGU1 to IRQ 47 SPIM3: 0x000002d2 to 0x000003d6, one every 10 bytes\n");
    (void)remove(path);
}

static void a_base_in_a_table_and_a_boot_loader_are_seen(void **state)
{
    static const char path[] = FIRMWARE_DIR "/inspected.bin";
    static uint8_t bytes[0x1000];
    FILE *file = fopen(path, "wb");

    (void)state;
    memset(bytes, 0xff, sizeof bytes);
    store_le(bytes, 4, 0x20001000);
    store_le(bytes + 4, 4, 0x201);
    store_le(bytes + 4 * 7, 4, 0x203); /* reserved: never taken */
    store_le(bytes + 0x300, 4, 0x40027000);
    store_le(bytes + 0xff8, 4, 0xf4000);
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, sizeof bytes, file), sizeof bytes);
    assert_int_equal(fclose(file), 0);
    run_program(&outcome, "inspect " FIRMWARE_DIR "/inspected.bin");
    assert_says(&outcome, "contains     a boot loader at 0x000f4000");
    assert_says(&outcome, "USBD, in data");
    assert_null(strstr(outcome.output, "0x00000202"));
    (void)remove(path);
}

static void mistakes_are_told_in_a_line(void **state)
{
    (void)state;
    run_program(&outcome, "inspect");
    assert_usage_error(&outcome, "a firmware image is needed");
    run_program(&outcome, "inspect nowhere.elf");
    assert_one_line(&outcome, "nowhere.elf: ");
    assert_code(&outcome, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_image_is_described),
        cmocka_unit_test(vectors_that_would_fault_are_pointed_out),
        cmocka_unit_test(a_binary_goes_where_its_name_says),
        cmocka_unit_test(stubs_of_equal_size_are_one_line),
        cmocka_unit_test(a_base_in_a_table_and_a_boot_loader_are_seen),
        cmocka_unit_test(mistakes_are_told_in_a_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
