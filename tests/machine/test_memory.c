/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that changes under the CPU: code rewritten in flash and RAM, vectors in RAM, two images in
 * one flash, flash that outlives a run. The programs are a few instructions each, written as
 * halfwords beside their assembly.
 */
#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/mem/map.h"
#include "sim/mem/memory.h"
#include "sim/soc/machine.h"
#include "tests/cmocka.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ADD_R0_RETURN = 0x3001, ADD_R2_RETURN = 0x3201, RETURN = 0x4770, LOOP = 0xe7fe };

static int set_up(void **state)
{
    const struct machine_options options = {.host = HOST_MANUAL};
    struct machine *machine;
    struct failure failure;

    if (machine_create(&machine, &options, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    *state = machine;
    return 0;
}

static int tear_down(void **state)
{
    machine_destroy(*state);
    return 0;
}

static void put_words(struct machine *machine, guest_addr address, const uint32_t *words,
                      unsigned count)
{
    uint8_t *at = memory_at(machine_memory(machine), (struct byte_range){address, 4 * count});

    assert_non_null(at);
    for (size_t i = 0; i < count; i++)
        store_le32(at + 4 * i, words[i]);
}

static void put_code(struct machine *machine, guest_addr address, const uint16_t *code,
                     unsigned count)
{
    uint8_t *at = memory_at(machine_memory(machine), (struct byte_range){address, 2 * count});

    assert_non_null(at);
    for (size_t i = 0; i < count; i++)
        store_le16(at + 2 * i, code[i]);
}

#define PUT_WORDS(machine, address, ...)                                                           \
    put_words(machine, address, (const uint32_t[]){__VA_ARGS__},                                   \
              ARRAY_LENGTH(((const uint32_t[]){__VA_ARGS__})))
#define PUT_CODE(machine, address, ...)                                                            \
    put_code(machine, address, (const uint16_t[]){__VA_ARGS__},                                    \
             ARRAY_LENGTH(((const uint16_t[]){__VA_ARGS__})))

static uint32_t reg(struct machine *machine, unsigned n)
{
    return cpu_get(machine_cpu(machine), (enum cpu_register)n);
}

/* Calls the function at `function` for ever, from flash. */
static void start_calling(struct machine *machine, guest_addr function)
{
    PUT_WORDS(machine, 0, 0x20001000, 0x101);
    PUT_CODE(machine, 0x100, 0x4902, /* ldr r1, [pc, #8] */
             0x4788,                 /* blx r1 */
             0xe7fd);                /* b to the blx */
    PUT_WORDS(machine, 0x10c, function | 1);
    machine_power_on(machine);
}

static void dma_that_writes_over_code_is_seen_by_execution(void **state)
{
    static const guest_addr places[] = {0x20000100, 0x00800100};
    static const uint8_t add_r2[] = {0x01, 0x32};
    struct machine *machine = *state;

    for (unsigned i = 0; i < ARRAY_LENGTH(places); i++) {
        uint32_t r0;

        start_calling(machine, places[i]);
        PUT_CODE(machine, 0x20000100, ADD_R0_RETURN, RETURN);
        machine_run(machine, 1000);
        r0 = reg(machine, 0);
        assert_true(r0 > 100);
        assert_int_equal(reg(machine, 2), 0);

        memory_master_write(machine_memory(machine), 0x20000100, add_r2, sizeof add_r2);
        machine_run(machine, 1000);
        assert_in_range(reg(machine, 0), r0, r0 + 1);
        assert_true(reg(machine, 2) > 100);
    }
}

static void dma_beside_code_leaves_it_alone(void **state)
{
    static const uint8_t bytes[4] = {1, 2, 3, 4};
    struct machine *machine = *state;

    start_calling(machine, 0x20000100);
    PUT_CODE(machine, 0x20000100, ADD_R0_RETURN, RETURN);
    machine_run(machine, 1000);
    for (guest_addr address = 0x20000104; address < 0x20000500; address += 4)
        memory_master_write(machine_memory(machine), address, bytes, sizeof bytes);
    machine_run(machine, 1000);
    assert_true(reg(machine, 0) > 400);
}

/* The program stores its own function through Data RAM and calls it through the code alias. */
static void a_program_that_rewrites_its_code_executes_what_it_wrote(void **state)
{
    struct machine *machine = *state;

    PUT_WORDS(machine, 0, 0x20001000, 0x101);
    PUT_CODE(machine, 0x100, 0x4904, /* ldr r1, =0x00800101 */
             0x4c05,                 /* ldr r4, =0x20000100 */
             0xf243, 0x0301,         /* movw r3, #0x3001: adds r0, #1 */
             0xf44f, 0x7500,         /* mov r5, #0x200: to 0x3201, adds r2, #1 */
             0x8023,                 /* strh r3, [r4] */
             0x4788,                 /* blx r1 */
             0x406b,                 /* eors r3, r5 */
             0xe7fb);                /* b to the strh */
    PUT_WORDS(machine, 0x114, 0x00800101, 0x20000100);
    machine_power_on(machine);
    PUT_CODE(machine, 0x20000102, RETURN);
    machine_run(machine, 6000);
    assert_in_range(reg(machine, 0), 400, 600);
    assert_in_range(reg(machine, 2), reg(machine, 0) - 1, reg(machine, 0));
}

static void flash_that_is_written_is_executed_as_written(void **state)
{
    struct machine *machine = *state;

    PUT_WORDS(machine, 0, 0x20001000, 0x101);
    PUT_CODE(machine, 0x100, 0xf240, 0x2101, /* movw r1, #0x201 */
             0x4788,                         /* blx r1 */
             0x4a04,                         /* ldr r2, =0x4001e504: NVMC.CONFIG */
             0x2301,                         /* movs r3, #1: write enable */
             0x6013,                         /* str r3, [r2] */
             0xf44f, 0x7700,                 /* mov r7, #0x200 */
             0x4e02,                         /* ldr r6, =0x47703000: adds r0, #0; bx lr */
             0x603e,                         /* str r6, [r7] */
             0x4788,                         /* blx r1 */
             LOOP);
    PUT_WORDS(machine, 0x118, 0x4001e504, 0x47703000);
    PUT_CODE(machine, 0x200, ADD_R0_RETURN, RETURN);
    machine_power_on(machine);
    machine_run(machine, 1000);
    assert_int_equal(reg(machine, 15), 0x116);
    assert_int_equal(reg(machine, 0), 1);
}

static void exceptions_follow_a_vector_table_in_ram(void **state)
{
    struct machine *machine = *state;

    PUT_WORDS(machine, 0, 0x20001000, 0x101);
    PUT_CODE(machine, 0x100, 0x4802, /* ldr r0, =0xe000ed08: VTOR */
             0x4903,                 /* ldr r1, =0x20000200 */
             0x6001,                 /* str r1, [r0] */
             0xdf00,                 /* svc #0 */
             LOOP);
    PUT_WORDS(machine, 0x10c, 0xe000ed08, 0x20000200);
    machine_power_on(machine);
    PUT_WORDS(machine, 0x2000022c, 0x20000301);    /* SVCall */
    PUT_CODE(machine, 0x20000300, 0x3401, RETURN); /* adds r4, #1 */
    machine_run(machine, 1000);
    assert_int_equal(reg(machine, 4), 1);
    assert_int_equal(reg(machine, 15), 0x108);
}

/* ---- Two images ------------------------------------------------------------------------------ */

/* One file at a time in the build folder, removed by its writer. */
static const char *path_of(const char *name)
{
    static char path[2][256];
    static unsigned turn;

    turn = !turn;
    (void)snprintf(path[turn], sizeof path[turn], "%s/%s", FIRMWARE_DIR, name);
    return path[turn];
}

/* Intel HEX of one piece below 64 KiB. */
static void write_hex(const char *path, uint32_t address, const uint16_t *code, unsigned count)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    for (unsigned i = 0; i < count; i++) {
        uint32_t at = address + 2 * i;
        uint8_t sum = (uint8_t)(2 + (at >> 8) + at + (code[i] >> 8) + code[i]);

        (void)fprintf(file, ":02%04X00%02X%02X%02X\n", at, code[i] & 0xff, code[i] >> 8,
                      (uint8_t)-sum);
    }
    (void)fprintf(file, ":00000001FF\n");
    assert_int_equal(fclose(file), 0);
}

/*
 * A master boot record as SoftDevices have one: it keeps the address of the next vector table in
 * the first word of RAM, and its own vectors forward to it.
 */
static const uint16_t boot_record[] = {
    [0x00 / 2] = 0x1000,
    0x2000, /* SP */
    [0x04 / 2] = 0x0041,
    0x0000, /* reset */
    [0x2c / 2] = 0x0061,
    0x0000, /* SVCall */
    [0x40 / 2] = 0xf04f,
    0x5000, /* mov r0, #0x20000000 */
    0xf44f,
    0x5180, /* mov r1, #0x1000 */
    0x6001, /* str r1, [r0] */
    0x680a, /* ldr r2, [r1] */
    0xf382,
    0x8808, /* msr msp, r2 */
    0x684a, /* ldr r2, [r1, #4] */
    0x4710, /* bx r2 */
    [0x60 / 2] = 0xf04f,
    0x5000, /* mov r0, #0x20000000 */
    0x6800, /* ldr r0, [r0] */
    0x6ac0, /* ldr r0, [r0, #0x2c] */
    0x4700, /* bx r0 */
};

static const uint16_t application[] = {
    [0x00 / 2] = 0x2000, 0x2000, /* SP */
    [0x04 / 2] = 0x1041, 0x0000, /* reset */
    [0x2c / 2] = 0x1051, 0x0000, /* SVCall */
    [0x40 / 2] = 0xdf10, LOOP,   /* svc #0x10 */
    [0x50 / 2] = 0x3501, RETURN, /* adds r5, #1 */
};

static void a_boot_record_forwards_to_the_application_behind_it(void **state)
{
    struct machine *machine = *state;
    const char *first = path_of("test-memory-mbr.hex");
    const char *second = path_of("test-memory-app.hex");
    struct failure failure;

    write_hex(first, 0, boot_record, ARRAY_LENGTH(boot_record));
    write_hex(second, 0x1000, application, ARRAY_LENGTH(application));
    assert_int_equal(machine_load(machine, first, &failure), STATUS_OK);
    assert_int_equal(machine_load(machine, second, &failure), STATUS_OK);
    (void)unlink(first);
    (void)unlink(second);
    machine_power_on(machine);
    machine_run(machine, 1000);
    assert_int_equal(reg(machine, 5), 1);
    assert_int_equal(reg(machine, 15), 0x1042);
    assert_int_equal(reg(machine, 13), 0x20002000);
}

static void images_may_share_bytes_but_not_differ_in_them(void **state)
{
    struct machine *machine = *state;
    const char *path = path_of("test-memory-twice.hex");
    struct failure failure;

    write_hex(path, 0x1000, application, ARRAY_LENGTH(application));
    assert_int_equal(machine_load(machine, path, &failure), STATUS_OK);
    assert_int_equal(machine_load(machine, path, &failure), STATUS_OK);
    write_hex(path, 0x1004, application, ARRAY_LENGTH(application));
    assert_int_equal(machine_load(machine, path, &failure), STATUS_IMAGES_OVERLAP);
    assert_non_null(strstr(failure.message, "at 0x00001004"));
    (void)unlink(path);
}

/* ---- Flash that outlives the run ------------------------------------------------------------- */

static void flash_and_uicr_come_back_from_their_file(void **state)
{
    struct machine *machine = *state;
    const char *path = path_of("test-memory.flash");
    struct failure failure;
    uint8_t word[4];

    (void)unlink(path);
    assert_int_equal(machine_load_flash(machine, path, &failure), STATUS_OK); /* not there yet */
    PUT_WORDS(machine, 0xff000, 0x600dcafe);
    PUT_WORDS(machine, 0x10001080, 0x12345678);
    assert_int_equal(machine_save_flash(machine, path, &failure), STATUS_OK);
    PUT_WORDS(machine, 0xff000, 0);
    PUT_WORDS(machine, 0x10001080, 0);
    assert_int_equal(machine_load_flash(machine, path, &failure), STATUS_OK);
    assert_true(memory_peek(machine_memory(machine), 0xff000, word, 4));
    assert_int_equal(load_le32(word), 0x600dcafe);
    assert_true(memory_peek(machine_memory(machine), 0x10001080, word, 4));
    assert_int_equal(load_le32(word), 0x12345678);
    (void)unlink(path);
}

static void a_file_of_another_size_is_no_flash(void **state)
{
    const char *path = path_of("test-memory-bad.flash");
    struct failure failure;
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    (void)fputs("hello", file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(machine_load_flash(*state, path, &failure), STATUS_FLASH_FILE);
    assert_non_null(strstr(failure.message, "5 bytes, not 1052672"));
    (void)unlink(path);
}

static void a_full_disk_is_told(void **state)
{
    struct failure failure;

    assert_int_equal(machine_save_flash(*state, "/dev/full", &failure), STATUS_FILE_UNWRITABLE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(dma_that_writes_over_code_is_seen_by_execution),
        TEST(dma_beside_code_leaves_it_alone),
        TEST(a_program_that_rewrites_its_code_executes_what_it_wrote),
        TEST(flash_that_is_written_is_executed_as_written),
        TEST(exceptions_follow_a_vector_table_in_ram),
        TEST(a_boot_record_forwards_to_the_application_behind_it),
        TEST(images_may_share_bytes_but_not_differ_in_them),
        TEST(flash_and_uicr_come_back_from_their_file),
        TEST(a_file_of_another_size_is_no_flash),
        TEST(a_full_disk_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
