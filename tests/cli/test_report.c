/* SPDX-License-Identifier: Apache-2.0 */
/* --report and --suppressions, as a user meets them. */
#include "tests/cli/program.h"
#include "tests/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define USB_5 FIRMWARE_DIR "/" FIRMWARE_DEFAULT "/usb-5.elf"
#define RACE FIRMWARE_DIR "/" FIRMWARE_DEFAULT "/usb-3-memcpy-after-start.elf"

static struct outcome outcome;
static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/fencepost-cli-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static const char *in_folder(const char *name)
{
    static char path[128];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int remove_folder(void **state)
{
    static const char *const names[] = {"r.json", "r.sarif", "r.xml", "r.txt", "s.txt"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        (void)unlink(in_folder(names[i]));
    return rmdir(folder); /* fails if a temporary file was left behind */
}

/* Runs "fencepost run" with @ in `arguments` standing for the folder. */
static void run_with(const char *arguments)
{
    char line[800] = "run ";
    size_t used = strlen(line);

    for (; *arguments; arguments++) {
        if (*arguments == '@')
            used += (size_t)snprintf(line + used, sizeof line - used, "%s", folder);
        else
            used += (size_t)snprintf(line + used, sizeof line - used, "%c", *arguments);
    }
    run_program(&outcome, line);
}

static void assert_file_begins(const char *name, const char *text)
{
    char head[32] = "";
    FILE *file = fopen(in_folder(name), "r");

    assert_non_null(file);
    (void)fread(head, 1, strlen(text), file);
    (void)fclose(file);
    assert_string_equal(head, text);
}

static void several_reports_are_written_beside_the_text(void **state)
{
    (void)state;
    run_with(
        "--report=json:@/r.json,sarif:@/r.sarif --report=junit:@/r.xml,text:@/r.txt,github " RACE);

    assert_code(&outcome, 1);
    assert_says(&outcome, "1 finding (1 error)");
    assert_says(&outcome, "::error file=firmware/bugs/usb-3-memcpy-after-start.c,line=");
    assert_file_begins("r.json", "{\n  \"format\"");
    assert_file_begins("r.sarif", "{\n  \"version\": \"2.1.0\"");
    assert_file_begins("r.xml", "<?xml ");
    assert_file_begins("r.txt", "DMA001 error: ");
}

static void a_report_on_standard_output_stands_there_alone(void **state)
{
    (void)state;
    run_with("--report=json:- " RACE);

    assert_code(&outcome, 1);
    assert_int_equal(outcome.output[0], '{');
    assert_string_equal(&outcome.output[strlen(outcome.output) - 3], "\n}\n");
}

static void a_report_that_cannot_be_written_does_not_hide_the_verdict(void **state)
{
    (void)state;
    run_with("--quiet --report=json:@/none/r.json,junit:/dev/full,sarif:@/r.sarif " USB_5);

    assert_code(&outcome, 2);
    assert_says(&outcome, "clean: ");
    assert_says(&outcome, "/none/r.json: cannot be written: No such file or directory\n");
    assert_says(&outcome, "fencepost: /dev/full: cannot be written: No space left on device\n");
    assert_true(strstr(outcome.output, "clean: ") < strstr(outcome.output, "fencepost: "));
    assert_file_begins("r.sarif", "{");
}

static void wrong_reports_are_refused(void **state)
{
    static const struct {
        const char *arguments;
        const char *says;
    } mistakes[] = {
        {"--report=yaml:x " USB_5, "not one of: text, json, sarif, junit, github"},
        {"--report=json " USB_5, "--report=json: needs a file"},
        {"--report=json: " USB_5, "--report=json: needs a file"},
        {"--report=text,,github " USB_5, "not one of: text"},
        {"--report=json:-,sarif:- " USB_5, "standard output is wanted for another report too"},
        {"--report=json:-,text " USB_5, "standard output is wanted for another report too"},
        {"--report=json:- --verbose " USB_5, "leaves no room for --verbose"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        run_with(mistakes[i].arguments);
        assert_usage_error(&outcome, mistakes[i].says);
    }
}

static void suppress(const char *lines)
{
    FILE *file = fopen(in_folder("s.txt"), "w");

    assert_non_null(file);
    assert_true(fputs(lines, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void a_suppressed_finding_does_not_fail_the_run(void **state)
{
    (void)state;
    suppress("DMA001 function:ep0in_start -- known\n");
    run_with("--quiet --suppressions=@/s.txt " RACE);

    assert_code(&outcome, 0);
    assert_says(&outcome, "clean, 1 suppressed: ");
    assert_says(&outcome, "s.txt:1: known\n");
}

static void a_suppression_that_is_not_used_is_told_and_changes_nothing(void **state)
{
    (void)state;
    suppress("# none\nDMA001 symbol:other_buffer -- long gone\n");
    run_with("--quiet --suppressions=@/s.txt " RACE);

    assert_code(&outcome, 1);
    assert_says(&outcome, "1 finding (1 error): ");
    assert_says(&outcome, "s.txt:2: nothing was suppressed by this line (DMA001)\n");
}

static void a_mistake_in_the_suppressions_ends_it_before_the_run(void **state)
{
    (void)state;
    suppress("DMA001 symbol:b\n");
    run_with("--suppressions=@/s.txt " RACE);
    assert_one_line(&outcome, "s.txt:1:16: mistake in the suppressions: the reason is missing");
    run_with("--suppressions=@/none.txt " RACE);
    assert_one_line(&outcome, "none.txt: no such file");
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(several_reports_are_written_beside_the_text),
        IN_A_FOLDER(a_report_on_standard_output_stands_there_alone),
        IN_A_FOLDER(a_report_that_cannot_be_written_does_not_hide_the_verdict),
        cmocka_unit_test(wrong_reports_are_refused),
        IN_A_FOLDER(a_suppressed_finding_does_not_fail_the_run),
        IN_A_FOLDER(a_suppression_that_is_not_used_is_told_and_changes_nothing),
        IN_A_FOLDER(a_mistake_in_the_suppressions_ends_it_before_the_run),
    };

    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
