/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TinyUSB's device examples, unmodified: they enumerate with their own descriptors on every host,
 * and nothing is reported but what was judged by hand (docs/third-party.md). scripts/third-party
 * fetches and builds them.
 */
#include "tests/cmocka.h"

#include "sim/base/compiler.h"
#include "sim/explore/checked.h"
#include "sim/explore/plan.h"
#include "sim/usb/descriptor.h"

#include <stdio.h>
#include <unistd.h>

enum { INTERFACE = 4, CLASS = 5, VENDOR_LOW = 8, PRODUCT_LOW = 10, CLASSES_MAX = 12 };
enum {
    AUDIO = 1,
    CDC = 2,
    HID = 3,
    MSC = 8,
    CDC_DATA = 10,
    VIDEO = 14,
    APPLICATION = 254,
    VENDOR = 255
};

/* Presses of the button, as the conversations with reports know them. */
#define BUTTON "P0.11=low@450ms,P0.11=float@500ms,P0.11=low@760ms"

enum { SOME = 3 }; /* of the list, for what takes long */

/* What its usb_descriptors.c says: the product, and the classes of its interfaces in order. */
static const struct example {
    const char *name;
    uint16_t product;
    enum host_talk talk; /* what a built-in host knows better than tests/thirdparty/conversations */
    uint8_t classes[CLASSES_MAX];
} examples[] = {
    {"cdc_msc", 0x4003, TALK_MSC, {CDC, CDC_DATA, MSC}},
    {"hid_composite", 0x4004, TALK_NONE, {HID}},
    {"audio_test", 0x4010, TALK_NONE, {AUDIO, AUDIO, AUDIO}},
    {"cdc_dual_ports", 0x4002, TALK_NONE, {CDC, CDC_DATA, CDC, CDC_DATA}},
    {"cdc_uac2",
     0x4011,
     TALK_NONE,
     {AUDIO, AUDIO, AUDIO, AUDIO, AUDIO, AUDIO, AUDIO, CDC, CDC_DATA}},
    {"dfu", 0x4000, TALK_NONE, {APPLICATION, APPLICATION}},
    {"dynamic_configuration", 0x400b, TALK_AUTO, {CDC, CDC_DATA, AUDIO, AUDIO}},
    {"hid_boot_interface", 0x4008, TALK_NONE, {HID, HID}},
    {"hid_generic_inout", 0x4004, TALK_NONE, {HID}},
    {"midi_test", 0x4008, TALK_NONE, {AUDIO, AUDIO}},
    {"msc_dual_lun", 0x4002, TALK_MSC, {MSC}},
    {"uac2_headset", 0x4010, TALK_NONE, {AUDIO, AUDIO, AUDIO, AUDIO, AUDIO, AUDIO, AUDIO}},
    {"usbtmc", 0x4000, TALK_NONE, {APPLICATION}},
    {"video_capture", 0x4020, TALK_NONE, {VIDEO, VIDEO, VIDEO}},
    {"webusb_serial", 0x4011, TALK_NONE, {CDC, CDC_DATA, VENDOR}},
};

/* The latch of erratum 199, which this version of the driver does not know, and a reading before
 * READY that does no harm. */
static bool is_judged(enum rule_id rule)
{
    return rule == RULE_PER006 || rule == RULE_PER016;
}

static bool open_example(const char *name, char *path, size_t room)
{
    (void)snprintf(path, room, "%s/tinyusb-%s.elf", THIRD_PARTY_DIR, name);
    return access(path, R_OK) == 0;
}

static void assert_descriptors(const struct example *example, const struct usb_device_view *view)
{
    unsigned interfaces = 0;

    assert_int_equal(view->device[VENDOR_LOW] | view->device[VENDOR_LOW + 1] << 8, 0xcafe);
    assert_int_equal(view->device[PRODUCT_LOW] | view->device[PRODUCT_LOW + 1] << 8,
                     example->product);
    for (size_t at = 0; at < view->configuration_size; at += view->configuration[at]) {
        if (view->configuration[at + 1] == INTERFACE)
            assert_int_equal(view->configuration[at + CLASS], example->classes[interfaces++]);
    }
    assert_true(interfaces && (interfaces == CLASSES_MAX || !example->classes[interfaces]));
}

static void assert_only_judged_findings(const struct checker *checker)
{
    for (unsigned i = 0; i < checker_finding_count(checker); i++) {
        const struct finding *finding = checker_finding(checker, i);

        if (!is_judged(finding->rule))
            fail_msg("%s: a finding nobody has judged", rule_describe(finding->rule)->name);
    }
}

/* Returns whether the example was there. */
static bool goes_well(const struct example *example, const struct machine_options *options)
{
    char path[300];
    char *images[] = {path};
    struct plan plan = {
        .machine = *options, .timeout = 20 * CYCLES_PER_SECOND, .image_count = 1, .images = images};
    struct machine *machine;
    struct checker *checker;
    struct failure failure;
    struct usb_device_view view;

    if (!open_example(example->name, path, sizeof path))
        return false;
    if (plan_build(&plan, &machine, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    checker = checked_attach(machine, NULL);
    if (plan_run(&plan, machine) != MACHINE_STOP_HOST_DONE)
        fail_msg("%s: %s; run: fencepost run %s", example->name, host_reason(machine_host(machine)),
                 path);
    view = host_device_view(machine_host(machine));
    assert_descriptors(example, &view);
    assert_only_judged_findings(checker);
    checker_destroy(checker);
    machine_destroy(machine);
    return true;
}

static void tell_missing(unsigned missing)
{
    if (missing)
        printf("skipped: %u TinyUSB examples are not there (see %s/skipped)\n", missing,
               THIRD_PARTY_DIR);
}

static void those_enumerate(unsigned count, enum host_profile host, enum choice_policy dma)
{
    struct machine_options options = {.host = host, .dma = dma};
    unsigned missing = 0;

    for (unsigned i = 0; i < count; i++)
        missing += !goes_well(&examples[i], &options);
    tell_missing(missing);
}

static bool has_conversation(const struct example *example, char *path, size_t room)
{
    (void)snprintf(path, room, "tests/thirdparty/conversations/%s.usb", example->name);
    return access(path, R_OK) == 0;
}

/* In a text of its own, or to a built-in host, or both. */
static bool speaks_its_class(const struct example *example)
{
    char text[120];
    struct machine_options follows = {.host = HOST_SCRIPT, .host_script = text};
    struct machine_options talks = {.host = HOST_LINUX, .talk = example->talk};
    bool there = true;

    if (example->classes[0] == HID)
        follows.board.port[PORT_PINS] = BUTTON;
    if (has_conversation(example, text, sizeof text))
        there = goes_well(example, &follows);
    else
        assert_int_not_equal(example->talk, TALK_NONE);
    return there && (example->talk == TALK_NONE || goes_well(example, &talks));
}

static void each_example_enumerates_on_linux_and_speaks_its_class(void **state)
{
    unsigned missing = 0;

    (void)state;
    for (unsigned i = 0; i < ARRAY_LENGTH(examples); i++)
        missing += !speaks_its_class(&examples[i]);
    tell_missing(missing);
}

static void examples_enumerate_on_windows_however_slow_easydma_is(void **state)
{
    (void)state;
    those_enumerate(SOME, HOST_WINDOWS, CHOICE_LAZY);
}

static void examples_enumerate_on_macos_however_fast_easydma_is(void **state)
{
    (void)state;
    those_enumerate(SOME, HOST_MACOS, CHOICE_EAGER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_example_enumerates_on_linux_and_speaks_its_class),
        cmocka_unit_test(examples_enumerate_on_windows_however_slow_easydma_is),
        cmocka_unit_test(examples_enumerate_on_macos_however_fast_easydma_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
