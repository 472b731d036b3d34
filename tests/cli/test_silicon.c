/* SPDX-License-Identifier: Apache-2.0 */
/* --silicon, --erratum, --undocumented, --differential and `fencepost errata`, as they are typed.
 */
#include "tests/cli/program.h"
#include "tests/cmocka.h"

#include <stdio.h>
#include <string.h>

#define IN_DEFAULT(program) FIRMWARE_DIR "/" FIRMWARE_DEFAULT "/" program ".elf"
#define USB_5 IN_DEFAULT("usb-5")
#define RACE IN_DEFAULT("usb-3-memcpy-after-start")

static struct outcome outcome;
static struct outcome again;

static void the_workshops_driver_has_what_revision_3_asks_for(void **state)
{
    (void)state;
    run_program(&outcome, "run --quiet --silicon=rev3 " USB_5);
    assert_code(&outcome, 0);
    run_program(&outcome, "run --differential " USB_5);
    assert_code(&outcome, 0);
    assert_says(&outcome, "on silicon rev3: nothing differs from ideal silicon in ");
    assert_says(&outcome, "no workaround is missing, as far as this run goes\n");
}

static void options_may_come_in_any_order(void **state)
{
    (void)state;
    run_program(&outcome, "run --quiet --report=json:- --undocumented=amount:late "
                          "--erratum=199:off --silicon=rev2 " USB_5);
    assert_code(&outcome, 0);
    assert_says(&outcome, "\"silicon\": \"rev2, erratum 199 off, amount late\"");
    run_program(&outcome, "run --quiet --report=json:- " USB_5);
    assert_says(&outcome, "\"silicon\": \"ideal\"");
}

static void a_replay_is_of_the_same_silicon(void **state)
{
    char arguments[400];
    char token[104];
    const char *at;

    (void)state;
    run_program(&outcome, "run --quiet --silicon=rev1 --erratum=211:off " RACE);
    assert_code(&outcome, 1);
    at = strstr(outcome.output, "\nReplay");
    assert_non_null(at);
    assert_int_equal(sscanf(at, "\nReplay fencepost replay %103s", token), 1);
    (void)snprintf(arguments, sizeof arguments, "replay --quiet %s " RACE, token);
    run_program(&again, arguments);
    assert_string_equal(again.output, outcome.output);
    (void)snprintf(arguments, sizeof arguments, "replay --quiet --report=json:- %s " RACE, token);
    run_program(&again, arguments);
    assert_says(&again, "\"silicon\": \"rev1, erratum 211 off\"");
}

static void what_does_not_exist_is_told_in_one_line(void **state)
{
    (void)state;
    run_program(&outcome, "run --silicon=rev4 " USB_5);
    assert_usage_error(&outcome, "--silicon=rev4: not one of: ideal, engA, rev1, rev2, rev3");
    run_program(&outcome, "run --erratum=155:on " USB_5);
    assert_usage_error(&outcome, "--erratum=155:on: not like 199:on or 199:off");
    run_program(&outcome, "debug --undocumented=amount:never " USB_5);
    assert_usage_error(&outcome, "--undocumented=amount:never: not like second-start:queued");
    run_program(&outcome, "replay --silicon=rev3 4000-1N5C-N6T4-0RR " USB_5);
    assert_usage_error(&outcome, "--silicon: the token says it already");
    run_program(&outcome, "replay --differential 4000-1N5C-N6T4-0RR " USB_5);
    assert_usage_error(&outcome, "--differential: belongs to 'fencepost run'");
    run_program(&outcome, "run --differential --verbose " USB_5);
    assert_usage_error(&outcome, "--differential prints one sentence");
}

static void errata_lists_what_can_be_chosen(void **state)
{
    (void)state;
    run_program(&outcome, "errata");
    assert_code(&outcome, 0);
    assert_says(&outcome, "  rev3   revision 3, AAF0\n");
    assert_says(&outcome, "\n  199   engA rev1 rev2 rev3  tasks are lost while EasyDMA runs\n");
    assert_says(&outcome, "\n  second-start:lost|queued|corrupts\n");
    run_program(&outcome, "errata 187");
    assert_code(&outcome, 0);
    assert_says(&outcome, "workaround: 0x4006ED14 = 3 from before ENABLE until READY\n");
    run_program(&outcome, "errata 155");
    assert_usage_error(&outcome, "155: no such erratum ('fencepost errata' lists them)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_workshops_driver_has_what_revision_3_asks_for),
        cmocka_unit_test(options_may_come_in_any_order),
        cmocka_unit_test(a_replay_is_of_the_same_silicon),
        cmocka_unit_test(what_does_not_exist_is_told_in_one_line),
        cmocka_unit_test(errata_lists_what_can_be_chosen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
