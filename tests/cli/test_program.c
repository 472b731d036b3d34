/* SPDX-License-Identifier: Apache-2.0 */
/* The program as a user meets it: mistakes first. */
#include "tests/cli/program.h"
#include "tests/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define USB_5 FIRMWARE_DIR "/" FIRMWARE_DEFAULT "/usb-5.elf"
#define RACE FIRMWARE_DIR "/" FIRMWARE_DEFAULT "/usb-3-memcpy-after-start.elf"
#define REPAIRED FIRMWARE_DIR "/" FIRMWARE_DEFAULT "/usb-3-memcpy-after-start-repaired.elf"

static struct outcome outcome;

static void help_says_how_to_begin(void **state)
{
    (void)state;
    run_program(&outcome, "--help");
    assert_code(&outcome, 0);
    assert_says(&outcome, "Usage: fencepost");
    assert_says(&outcome, "Begin with: fencepost run");
    run_program(&outcome, "run --help");
    assert_code(&outcome, 0);
    assert_says(&outcome, "--host=linux|windows|macos");
}

static void the_version_names_the_engine(void **state)
{
    (void)state;
    run_program(&outcome, "--version");
    assert_code(&outcome, 0);
    assert_says(&outcome, "Unicorn 2.");
}

static void wrong_usage_is_told_in_two_lines(void **state)
{
    static const struct {
        const char *arguments;
        const char *says;
    } mistakes[] = {
        {"", "no command given"},
        {"rnu x.elf", "rnu: no such command"},
        {USB_5, "did you mean 'fencepost run"},
        {"run", "no firmware image given"},
        {"run --hots=linux x.elf", "--hots=linux: no such option"},
        {"run -z x.elf", "-z: no such option"},
        {"run --host=amiga x.elf", "not one of: linux, windows, macos"},
        {"run --dma=never x.elf", "not one of: realistic, eager, lazy, random"},
        {"run --timeout=10 x.elf", "--timeout=10: not a time such as 2s"},
        {"run --seed=lucky x.elf", "--seed=lucky: not a number"},
        {"debug --rules=XYZ x.elf", "--rules=XYZ: 'XYZ' is no rule"},
        {"run --rules=DMA,XYZ x.elf", "--rules=DMA,XYZ: 'XYZ' is no rule"},
        {"run --host", "--host: needs a value"},
        {"run --quiet --verbose x.elf", "only one of"},
        {"regs USBX", "USBX: no such block"},
        {"rules DMA999", "DMA999: no such rule"},
        {"peripherals XYZ", "XYZ: no such block"},
        {"peripherals --markdown XYZ", "XYZ: no such block"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        run_program(&outcome, mistakes[i].arguments);
        assert_usage_error(&outcome, mistakes[i].says);
    }
}

/* Writes a file into the build folder; returns its path. */
static const char *file_with(const char *name, const void *bytes, size_t size)
{
    static char path[256];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", FIRMWARE_DIR, name);
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return path;
}

static void flash_is_kept_in_a_file_and_a_bad_one_refused(void **state)
{
    static const char *const bad[][2] = {
        {"--flash=" USB_5, "not a flash file"},
        {"--flash=/tmp", "cannot be read"},
        {"--flash=/no/such/folder/file", "cannot be written"},
        {"--flash=/dev/full", "cannot be read"},
    };
    char arguments[600];
    const char *path = file_with("test-program.flash", "x", 1);

    (void)state;
    assert_int_equal(remove(path), 0);
    (void)snprintf(arguments, sizeof arguments, "run --quiet --flash=%s " USB_5, path);
    for (unsigned i = 0; i < 2; i++) {
        run_program(&outcome, arguments);
        assert_code(&outcome, 0);
    }
    assert_int_equal(remove(path), 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        (void)snprintf(arguments, sizeof arguments, "run --quiet %s " USB_5, bad[i][0]);
        run_program(&outcome, arguments);
        assert_code(&outcome, 2);
        assert_says(&outcome, bad[i][1]);
    }
}

static void images_that_contradict_each_other_are_refused(void **state)
{
    (void)state;
    run_program(&outcome, "run --quiet " USB_5 " " USB_5);
    assert_code(&outcome, 0);
    run_program(&outcome, "run --quiet " USB_5 " " RACE);
    assert_code(&outcome, 2);
    assert_one_line(&outcome, "holds other bytes than an earlier image");
}

static void run_on(const char *path)
{
    char arguments[300];

    (void)snprintf(arguments, sizeof arguments, "run '%s'", path);
    run_program(&outcome, arguments);
}

static void an_image_that_cannot_be_used_is_told_in_one_line(void **state)
{
    uint8_t elf[4096];
    FILE *file = fopen(USB_5, "rb");

    (void)state;
    assert_non_null(file);
    assert_int_equal(fread(elf, 1, sizeof elf, file), sizeof elf);
    (void)fclose(file);

    run_on("no-such.elf");
    assert_one_line(&outcome, "no-such.elf: no such file");
    run_on("/");
    assert_one_line(&outcome, "/: ");
    run_on(PROGRAM); /* ourselves: a 64-bit ELF for another machine */
    assert_one_line(&outcome, "ELF file is 64-bit");
    run_on(file_with("empty.elf", "", 0));
    assert_one_line(&outcome, "empty.elf: file is empty");
    run_on(file_with("text.elf", "hello", 5));
    assert_one_line(&outcome, "text.elf: not a firmware image");
    run_on(file_with("truncated.elf", elf, 3000));
    assert_one_line(&outcome, "truncated.elf: ELF file is ");
    elf[18] = 8; /* e_machine: MIPS */
    run_on(file_with("mips.elf", elf, sizeof elf));
    assert_one_line(&outcome, "mips.elf: ELF file is not for ARM");
}

static void a_conversation_with_a_mistake_is_told_with_its_place(void **state)
{
    (void)state;
    run_program(&outcome, "run --host=tests/usb/conversations/none.usb " USB_5);
    assert_code(&outcome, 2);
    assert_one_line(&outcome, "none.usb: no such file");
    run_program(&outcome, "run --host=./LICENSE " USB_5);
    assert_code(&outcome, 2);
    assert_says(&outcome, "fencepost: ./LICENSE:");
    assert_says(&outcome, "mistake in the conversation");
    assert_says(&outcome, "^\n");
}

static void the_host_follows_a_conversation(void **state)
{
    (void)state;
    run_program(&outcome, "run --host=tests/usb/conversations/by-hand.usb " USB_5);
    assert_code(&outcome, 0);
    assert_says(&outcome, "by-hand.usb: done, ");
    run_program(&outcome, "run --host=tests/usb/conversations/loopback.usb " USB_5);
    assert_code(&outcome, 1);
    assert_says(&outcome, "loopback.usb:4: OUT endpoint 1, 64 bytes to write: ");
}

static void a_full_disk_is_told_and_gives_exit_code_2(void **state)
{
    (void)state;
    run_program(&outcome, "regs usbd >/dev/full");
    assert_one_line(&outcome, "standard output: cannot be written: No space left on device");
}

static void a_clean_firmware_gives_exit_code_0_and_says_what_was_checked(void **state)
{
    (void)state;
    run_program(&outcome, "run " USB_5);
    assert_code(&outcome, 0);
    assert_says(&outcome, "GET_DESCRIPTOR(Device)");
    assert_says(&outcome, "SET_CONFIGURATION(42)");
    assert_says(&outcome, "idVendor           0x2020");
    assert_says(&outcome, "clean");
}

static void a_race_gives_exit_code_1_and_both_source_lines(void **state)
{
    (void)state;
    run_program(&outcome, "run --quiet " RACE);
    assert_code(&outcome, 1);
    assert_says(&outcome, "DMA001 error: CPU wrote a buffer EasyDMA was reading");
    assert_says(&outcome, "usb-3-memcpy-after-start.c:");
    assert_says(&outcome, "1 finding");
    run_program(&outcome, "run --quiet " REPAIRED);
    assert_code(&outcome, 0);
}

static void other_image_formats_run_without_symbols(void **state)
{
    static const struct {
        const char *format;
        const char *file;
    } formats[] = {{"ihex", "converted.hex"}, {"binary", "converted.bin"}};
    char command[400];

    (void)state;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        (void)snprintf(command, sizeof command, "arm-none-eabi-objcopy -O %s %s %s/%s",
                       formats[i].format, RACE, FIRMWARE_DIR, formats[i].file);
        assert_int_equal(system(command), 0);
        (void)snprintf(command, sizeof command, "run --quiet %s/%s", FIRMWARE_DIR, formats[i].file);
        run_program(&outcome, command);
        assert_code(&outcome, 1);
        assert_says(&outcome, "DMA001 error: CPU wrote a buffer EasyDMA was reading");
        assert_says(&outcome, "USBD.EPIN[0]");
        assert_says(&outcome,
                    "not checked: where buffers end (BUF002), freed heap blocks (BUF004)");
    }
}

static void quiet_prints_the_verdict_only(void **state)
{
    (void)state;
    run_program(&outcome, "run --quiet " USB_5);
    assert_code(&outcome, 0);
    assert_null(strstr(outcome.output, "GET_DESCRIPTOR"));
    assert_says(&outcome, "clean");
}

static void output_into_a_pipe_has_no_colour(void **state)
{
    (void)state;
    run_program(&outcome, "run " RACE);
    assert_null(strchr(outcome.output, '\033'));
    run_program(&outcome, "run --color=always " RACE);
    assert_non_null(strchr(outcome.output, '\033'));
}

/* Nobody was to bring it to an end, so the end of its time is no failure; VBUS never comes. */
static void without_a_host_the_time_ends_the_run(void **state)
{
    (void)state;
    run_program(&outcome, "run --host=none --timeout=20ms " USB_5);
    assert_code(&outcome, 0);
    assert_says(&outcome, "clean: 0 transfers");
    assert_null(strstr(outcome.output, "attached"));
}

static void a_firmware_that_never_ends_is_stopped_and_the_place_is_told(void **state)
{
    (void)state;
    /* Before the host is done there is no end: half a millisecond is not enough to enumerate. */
    run_program(&outcome, "run --timeout=500us " USB_5);
    assert_code(&outcome, 1);
    assert_says(&outcome, "--timeout");
}

static void two_runs_print_the_same(void **state)
{
    static struct outcome again;

    (void)state;
    run_program(&outcome, "run --verbose --dma=random --seed=5 " RACE);
    run_program(&again, "run --verbose --dma=random --seed=5 " RACE);
    assert_string_equal(outcome.output, again.output);
}

static void registers_and_rules_can_be_asked_for(void **state)
{
    (void)state;
    run_program(&outcome, "regs");
    assert_code(&outcome, 0);
    assert_says(&outcome, "0x40027000  USBD");
    run_program(&outcome, "regs usbd");
    assert_code(&outcome, 0);
    assert_says(&outcome, "EPIN[n].MAXCNT");
    run_program(&outcome, "rules DMA001");
    assert_code(&outcome, 0);
    assert_says(&outcome, "CPU wrote a buffer EasyDMA was reading");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_says_how_to_begin),
        cmocka_unit_test(without_a_host_the_time_ends_the_run),
        cmocka_unit_test(the_version_names_the_engine),
        cmocka_unit_test(wrong_usage_is_told_in_two_lines),
        cmocka_unit_test(flash_is_kept_in_a_file_and_a_bad_one_refused),
        cmocka_unit_test(images_that_contradict_each_other_are_refused),
        cmocka_unit_test(an_image_that_cannot_be_used_is_told_in_one_line),
        cmocka_unit_test(a_conversation_with_a_mistake_is_told_with_its_place),
        cmocka_unit_test(the_host_follows_a_conversation),
        cmocka_unit_test(a_full_disk_is_told_and_gives_exit_code_2),
        cmocka_unit_test(a_clean_firmware_gives_exit_code_0_and_says_what_was_checked),
        cmocka_unit_test(a_race_gives_exit_code_1_and_both_source_lines),
        cmocka_unit_test(other_image_formats_run_without_symbols),
        cmocka_unit_test(quiet_prints_the_verdict_only),
        cmocka_unit_test(output_into_a_pipe_has_no_colour),
        cmocka_unit_test(a_firmware_that_never_ends_is_stopped_and_the_place_is_told),
        cmocka_unit_test(two_runs_print_the_same),
        cmocka_unit_test(registers_and_rules_can_be_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
