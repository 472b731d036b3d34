/* SPDX-License-Identifier: Apache-2.0 */
/* fencepost check, as a user runs it. */
#include "tests/cli/program.h"
#include "tests/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_DIR FIRMWARE_DIR "/" FIRMWARE_DEFAULT
#define USB_5 DEFAULT_DIR "/usb-5.elf"
#define RACE DEFAULT_DIR "/usb-3-memcpy-after-start.elf"

static struct outcome outcome;

/* Step 5 of the workshop answers what hosts ask while they enumerate, and refuses the rest of
 * chapter 9. These are the lines that must say so, and no other. */
static void the_workshop_device_lacks_four_requests(void **state)
{
    static const char *const red[] = {"address-get-status",        "address-get-status-endpoint-0",
                                      "address-get-configuration", "get-status",
                                      "get-status-endpoint-0",     "get-status-interfaces",
                                      "get-configuration",         "get-interface"};
    char line[80];

    (void)state;
    run_program(&outcome, "check " USB_5);
    assert_code(&outcome, 1);
    for (size_t i = 0; i < sizeof red / sizeof *red; i++) {
        (void)snprintf(line, sizeof line, "  case %s\n", red[i]);
        assert_says(&outcome, line);
    }
    assert_says(&outcome, "not compliant: ");
    assert_says(&outcome, ", 8 failed, ");
    assert_null(strstr(outcome.output, "missing"));
}

/* Our own firmware from step 6 on is compliant, and keeps to the rules meanwhile. */
static void the_class_firmware_is_compliant(void **state)
{
    const char *at = "usb-6 " CLASS_PROGRAMS;
    char command[400];

    (void)state;
    for (size_t length; *at; at += length + (at[length] == ' ')) {
        length = strcspn(at, " ");
        (void)snprintf(command, sizeof command, "check " DEFAULT_DIR "/%.*s.elf", (int)length, at);
        run_program(&outcome, command);
        assert_code(&outcome, 0);
        assert_says(&outcome, "\ncompliant: ");
    }
}

static void chosen_cases_that_pass_give_exit_code_0(void **state)
{
    (void)state;
    run_program(&outcome, "check --only='enumerate-*' --only=replug " USB_5);
    assert_code(&outcome, 0);
    assert_says(&outcome, "compliant: 5 passed, 0 failed, 0 not applicable");
}

static void the_class_firmware_is_compliant_on_other_silicon(void **state)
{
    (void)state;
    run_program(&outcome, "check --silicon=engA " DEFAULT_DIR "/composite.elf");
    assert_code(&outcome, 0);
    assert_says(&outcome, "\ncompliant: ");
    run_program(&outcome, "check --silicon=rev3 " DEFAULT_DIR "/hid-keyboard.elf");
    assert_code(&outcome, 0);
}

static void cases_that_are_left_out_do_not_fail(void **state)
{
    (void)state;
    run_program(&outcome, "check --only='get-*' --except='get-status*' --except=get-interface "
                          "--except=get-configuration " USB_5);
    assert_usage_error(&outcome, "no case is left");
    run_program(&outcome, "check --only='get-*' --except='get-status*' --except=get-configuration "
                          "--except=get-interface --only=attach " USB_5);
    assert_code(&outcome, 0);
    assert_says(&outcome, "compliant: 1 passed, 0 failed, 0 not applicable");
}

static void a_race_is_told_and_fails_the_run(void **state)
{
    (void)state;
    run_program(&outcome, "check --only=device-lengths " RACE);
    assert_code(&outcome, 1);
    assert_says(&outcome, "DMA001 error: CPU wrote a buffer EasyDMA was reading");
}

static void cases_are_listed_with_their_clauses(void **state)
{
    (void)state;
    run_program(&outcome, "check --list");
    assert_code(&outcome, 0);
    assert_says(&outcome, "halt-is-alone");
    assert_says(&outcome, "9.4.5    usbtest 13");
    run_program(&outcome, "check --help");
    assert_code(&outcome, 0);
    assert_says(&outcome, "Reading the table");
}

static void a_case_can_be_run_by_itself(void **state)
{
    (void)state;
    run_program(&outcome, "check --show=lost-ack " USB_5 " >" FIRMWARE_DIR "/lost-ack.usb");
    assert_code(&outcome, 0);
    run_program(&outcome, "run --quiet --host=" FIRMWARE_DIR "/lost-ack.usb " USB_5);
    assert_code(&outcome, 0);
}

static void reports_for_programs_are_well_formed(void **state)
{
    (void)state;
    run_program(&outcome, "check --only='get-*' --report=json:- " USB_5 " | python3 -m json.tool");
    assert_code(&outcome, 0);
    assert_says(&outcome, "\"format\": \"fencepost-check-1\"");
    run_program(&outcome, "check --only='get-*' --report=junit:- " USB_5
                          " | python3 -c 'import sys, xml.etree.ElementTree as e; "
                          "print(e.parse(sys.stdin).getroot()[0].get(\"failures\"), \"red\")'");
    assert_code(&outcome, 0);
    assert_says(&outcome, "5 red\n");
}

static void wrong_usage_is_told(void **state)
{
    (void)state;
    run_program(&outcome, "check");
    assert_usage_error(&outcome, "no firmware image given");
    run_program(&outcome, "check --only=nonsense " USB_5);
    assert_usage_error(&outcome, "--only=nonsense: no case has such a name");
    run_program(&outcome, "check --except=nonsense " USB_5);
    assert_usage_error(&outcome, "--except=nonsense: no case has such a name");
    run_program(&outcome, "check --silicon=rev9 " USB_5);
    assert_usage_error(&outcome, "--silicon=rev9");
    run_program(&outcome, "check --report=xml:x " USB_5);
    assert_usage_error(&outcome, "--report=xml: not one of: junit, json");
    run_program(&outcome, "check --report=junit " USB_5);
    assert_usage_error(&outcome, "needs a file");
    run_program(&outcome, "check nonsense.elf");
    assert_one_line(&outcome, "nonsense.elf: ");
    run_program(&outcome, "check --only=attach --report=json:/nonsense/x " USB_5 " >/dev/null");
    assert_one_line(&outcome, "/nonsense/x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_workshop_device_lacks_four_requests),
        cmocka_unit_test(the_class_firmware_is_compliant),
        cmocka_unit_test(the_class_firmware_is_compliant_on_other_silicon),
        cmocka_unit_test(cases_that_are_left_out_do_not_fail),
        cmocka_unit_test(chosen_cases_that_pass_give_exit_code_0),
        cmocka_unit_test(a_race_is_told_and_fails_the_run),
        cmocka_unit_test(cases_are_listed_with_their_clauses),
        cmocka_unit_test(a_case_can_be_run_by_itself),
        cmocka_unit_test(reports_for_programs_are_well_formed),
        cmocka_unit_test(wrong_usage_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
