/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scripts/campaign, with the real GNU parallel: on this machine, over ssh to a server on the
 * loopback interface, and stopped half way.
 */
#include "tests/cmocka.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define FOLDER FIRMWARE_DIR "/campaign"
#define LOOPBACK FIRMWARE_DIR "/loopback"
#define CAMPAIGN "scripts/campaign -n 2 -w 60 -s exhaustive,pct -b " FIRMWARE_DEFAULT " "
#define SUBJECT PROGRAM " " FIRMWARE_DIR "/%/usb-5.elf"
#define USB_5 FIRMWARE_DIR "/" FIRMWARE_DEFAULT "/usb-5.elf"
#define WINDOW " -- --from=ep0in_start --to=ep0in_end"

static int run(const char *command)
{
    int status = system(command);

    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int prepare(void **state)
{
    (void)state;
    return run("rm -rf " FOLDER "*");
}

static void says(const char *words)
{
    char command[400];

    (void)snprintf(command, sizeof command, "grep -q -e '%s' " FOLDER ".txt", words);
    if (run(command) != 0) {
        (void)run("cat " FOLDER ".txt");
        fail_msg("\"%s\" is not in the output", words);
    }
}

static void all_slices_come_to_one_report(void **state)
{
    (void)state;
    assert_int_equal(run(CAMPAIGN "-o " FOLDER "/here " SUBJECT WINDOW " >" FOLDER ".txt 2>&1"), 0);

    says("^4 jobs, 0 done before");
    says("usb-5.elf  exhaustive  2 of 2 slices, .* classes: clean, all explored");
    says("usb-5.elf  pct  2 of 2 slices, 120 steps, .* classes: clean so far, missed with");
    assert_int_equal(run("grep -q '<testsuite name=\"campaign\" tests=\"2\" failures=\"0\" "
                         "errors=\"0\">' " FOLDER "/here/report.xml"),
                     0);
}

/* Two machines that are this one; nothing in the report tells where a job ran. */
static void machines_over_ssh_come_to_the_same_report(void **state)
{
    int started = run("tests/cli/loopback start " LOOPBACK);

    (void)state;
    if (started == 77)
        skip();
    assert_int_equal(started, 0);
    assert_int_equal(run(CAMPAIGN "-S 1/loopback-a,1/loopback-b --ssh 'ssh -F " LOOPBACK
                                  "/ssh_config' -o " FOLDER "/there " SUBJECT WINDOW " >" FOLDER
                                  ".txt 2>&1"),
                     0);
    (void)run("tests/cli/loopback stop " LOOPBACK);

    assert_int_equal(run("cut -f 2 " FOLDER "/there/running/joblog | grep -q loopback-b"), 0);
    assert_int_equal(run(CAMPAIGN "-o " FOLDER "/here " SUBJECT WINDOW " >/dev/null 2>&1"), 0);
    assert_int_equal(run("cmp " FOLDER "/here/report.json " FOLDER "/there/report.json"), 0);
    assert_int_equal(run("scripts/validate-report docs/campaign.schema.json " FOLDER
                         "/there/report.json >/dev/null; [ $? = 0 ] || [ $? = 77 ]"),
                     0);
}

/* Killed as soon as one job is done: the same command does what is missing, and no more. */
static void what_was_stopped_goes_on(void **state)
{
    (void)state;
    (void)run("setsid scripts/campaign -j 1 -o " FOLDER "/parts -n 10 -w 40 -s pct " PROGRAM
              " " USB_5 WINDOW " >/dev/null 2>&1 & while [ ! -e " FOLDER
              "/parts/running/2.out.seq ]; do sleep 0.02; done; kill -TERM -$!; wait $!");
    assert_int_equal(run("[ ! -e " FOLDER "/parts/report.json ]"), 0);

    assert_int_equal(run("scripts/campaign -o " FOLDER "/parts -n 10 -w 40 -s pct " PROGRAM
                         " " USB_5 WINDOW " >" FOLDER ".txt 2>&1"),
                     0);

    says("^10 jobs, [1-9] done before");
    says("pct  10 of 10 slices, 400 steps, ");
}

static void a_failure_is_told_with_its_story_and_gives_1(void **state)
{
    (void)state;
    assert_int_equal(run("scripts/campaign -o " FOLDER "/found " PROGRAM " " FIRMWARE_DIR
                         "/" FIRMWARE_DEFAULT "/usb-5-memcpy-after-start.elf >" FOLDER ".txt 2>&1"),
                     1);
    says("A failing timing: DMA001 CPU wrote a buffer EasyDMA was reading");
    says("^  Replay    fencepost replay ");
    assert_int_equal(run("grep -q '<failure message=\"DMA001' " FOLDER "/found/report.xml"), 0);
}

static void a_job_that_cannot_be_done_is_told_and_gives_2(void **state)
{
    (void)state;
    assert_int_equal(
        run("scripts/campaign -o " FOLDER "/none " PROGRAM " README.md >" FOLDER ".txt 2>&1"), 2);
    says("README.md: ");
}

static void another_campaign_does_not_mix_with_it(void **state)
{
    (void)state;
    assert_int_equal(run(CAMPAIGN "-o " FOLDER "/one " SUBJECT WINDOW " >/dev/null 2>&1"), 0);
    assert_int_equal(run(CAMPAIGN "-n 3 -o " FOLDER "/one " SUBJECT WINDOW " >" FOLDER ".txt 2>&1"),
                     2);
    says("^campaign: .*/one: holds another campaign");
    assert_int_equal(
        run("scripts/campaign -o " FOLDER "/two " PROGRAM " nowhere.elf >" FOLDER ".txt 2>&1"), 2);
    says("^campaign: nowhere.elf: No such file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_slices_come_to_one_report),
        cmocka_unit_test(machines_over_ssh_come_to_the_same_report),
        cmocka_unit_test(what_was_stopped_goes_on),
        cmocka_unit_test(a_failure_is_told_with_its_story_and_gives_1),
        cmocka_unit_test(a_job_that_cannot_be_done_is_told_and_gives_2),
        cmocka_unit_test(another_campaign_does_not_mix_with_it),
    };

    return cmocka_run_group_tests_name("campaign", tests, prepare, NULL);
}
