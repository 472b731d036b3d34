/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ideal and real silicon side by side: firmware with all workarounds, and with all but one.
 *
 * The firmware reads in UICR which one to leave out, so an image is made of the program and that
 * word.
 */
#include "tests/explore/programs.h"

#include "sim/explore/differential.h"
#include "sim/mem/map.h"
#include "sim/mem/memory.h"

#include <stdio.h>

#define CONVERSATION "tests/explore/conversations/workarounds.usb"

enum { CUSTOMER_0 = 0x10001080, PROGRAM_BYTES = 0x2000, NONE = -1 };

static struct program program;

/* ---- An image, as Intel HEX --------------------------------------------------------------------
 */

static void write_record(FILE *file, unsigned kind, unsigned address, const uint8_t *bytes,
                         unsigned size)
{
    unsigned sum = size + (address >> 8) + address + kind;

    (void)fprintf(file, ":%02X%04X%02X", size, address & 0xffff, kind);
    for (unsigned i = 0; i < size; i++) {
        (void)fprintf(file, "%02X", bytes[i]);
        sum += bytes[i];
    }
    (void)fprintf(file, "%02X\n", -sum & 0xff);
}

static void write_image(const char *path, const uint8_t *flash, unsigned left_out)
{
    const uint8_t uicr[2] = {CUSTOMER_0 >> 24, CUSTOMER_0 >> 16 & 0xff};
    const uint8_t word[4] = {(uint8_t)left_out, (uint8_t)(left_out >> 8), 0, 0};
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    for (unsigned at = 0; at < PROGRAM_BYTES; at += 16)
        write_record(file, 0, at, flash + at, 16);
    write_record(file, 4, 0, uicr, 2);
    write_record(file, 0, CUSTOMER_0 & 0xffff, word, 4);
    write_record(file, 1, 0, NULL, 0);
    assert_int_equal(fclose(file), 0);
}

/* The program, without the workaround for `erratum` unless that is NONE, with its host. */
static void open_workarounds(int erratum)
{
    struct machine *machine;

    program_open(&program, "workarounds");
    program.plan.machine.host = HOST_SCRIPT;
    program.plan.machine.host_script = CONVERSATION;
    if (erratum == NONE)
        return;
    machine = program_build(&program.plan);
    (void)snprintf(program.path, sizeof program.path, "%s/%s/workarounds-but-%d.hex", FIRMWARE_DIR,
                   FIRMWARE_DEFAULT, erratum);
    write_image(program.path,
                memory_at(machine_memory(machine), (struct byte_range){FLASH_BASE, PROGRAM_BYTES}),
                (unsigned)erratum);
    machine_destroy(machine);
}

/* ---- Comparing ---------------------------------------------------------------------------------
 */

static struct differential differential;

static void compare(struct silicon silicon)
{
    struct failure failure;

    program.plan.machine.silicon = silicon;
    if (differential_run(&differential, &program.plan, NULL, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
}

static void all_workarounds_are_there(enum silicon_revision revision)
{
    open_workarounds(NONE);
    compare(silicon_of(revision));
    assert_int_equal(differential.kind, DIFFERENCE_NONE);
    assert_true(side_ended_well(&differential.side[SIDE_REAL]));
    assert_int_equal(checker_finding_count(differential.side[SIDE_REAL].checker), 0);
    assert_true(differential.side[SIDE_REAL].log.usb.count > 20);
    differential_free(&differential);
}

static void firmware_with_all_workarounds_runs_the_same_on_every_revision(void **state)
{
    (void)state;
    all_workarounds_are_there(SILICON_IDEAL);
    all_workarounds_are_there(SILICON_REV1);
    all_workarounds_are_there(SILICON_REV2);
    all_workarounds_are_there(SILICON_REV3);
    all_workarounds_are_there(SILICON_ENG_A);
}

/* Not another one, and nothing that no document settles. */
static void misses_that_one(enum silicon_revision revision, enum erratum erratum)
{
    open_workarounds((int)erratum_number(erratum));
    compare(silicon_of(revision));
    if (differential.errata != bit32(erratum))
        fail_msg("without the workaround for %u: %#x", erratum_number(erratum),
                 differential.errata);
    assert_int_equal(differential.answers, 0);
    differential_free(&differential);
}

static void each_workaround_that_is_missing_is_named(void **state)
{
    (void)state;
    misses_that_one(SILICON_REV3, ERRATUM_166);
    misses_that_one(SILICON_REV3, ERRATUM_171);
    misses_that_one(SILICON_REV3, ERRATUM_187);
    misses_that_one(SILICON_REV3, ERRATUM_199);
    misses_that_one(SILICON_REV3, ERRATUM_211);
}

static void so_are_those_of_engineering_a(void **state)
{
    (void)state;
    misses_that_one(SILICON_ENG_A, ERRATUM_104);
    misses_that_one(SILICON_ENG_A, ERRATUM_154);
    misses_that_one(SILICON_ENG_A, ERRATUM_166);
    misses_that_one(SILICON_ENG_A, ERRATUM_171);
    misses_that_one(SILICON_ENG_A, ERRATUM_199);
    misses_that_one(SILICON_ENG_A, ERRATUM_200);
}

static void what_is_switched_off_is_not_missed(void **state)
{
    struct silicon silicon = silicon_of(SILICON_REV3);

    (void)state;
    open_workarounds(187);
    silicon_set_erratum(&silicon, ERRATUM_187, false);
    compare(silicon);
    assert_int_equal(differential.kind, DIFFERENCE_NONE);
    differential_free(&differential);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(firmware_with_all_workarounds_runs_the_same_on_every_revision),
        cmocka_unit_test(each_workaround_that_is_missing_is_named),
        cmocka_unit_test(so_are_those_of_engineering_a),
        cmocka_unit_test(what_is_switched_off_is_not_missed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
