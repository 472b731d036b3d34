/* SPDX-License-Identifier: Apache-2.0 */
/* Built-in hosts on a device without a chip: what they ask of a good one, and what they find. */
#include "sim/hosts/hosts.h"
#include "tests/cmocka.h"
#include "tests/hosts/world.h"

#include <string.h>

static void assert_good(enum host_talk talk, enum gadget_fault fault, const char *said)
{
    struct world *world = world_create(talk, fault, 1);

    world_run(world, WORLD_TIME);
    if (host_outcome(world->host) != HOST_DONE)
        fail_msg("%s", host_reason(world->host));
    if (!strstr(text_string(&world->said), said))
        fail_msg("\"%s\" was not said:\n%s", said, text_string(&world->said));
    world_destroy(world);
}

static void assert_finds(enum host_talk talk, enum gadget_fault fault, const char *reason)
{
    struct world *world = world_create(talk, fault, 1);

    world_run(world, WORLD_TIME);
    assert_int_equal(host_outcome(world->host), HOST_GAVE_UP);
    if (!strstr(host_reason(world->host), reason))
        fail_msg("\"%s\" is not in \"%s\"", reason, host_reason(world->host));
    world_destroy(world);
}

/* ---- Good devices ---------------------------------------------------------------------------- */

static void each_class_of_a_good_device_is_spoken_to(void **state)
{
    (void)state;
    assert_good(TALK_CDC, GADGET_GOOD, "cdc: line coding and echo done");
    assert_good(TALK_HID, GADGET_GOOD, "remote wake-up: the device signals resume");
    assert_good(TALK_HID, GADGET_GOOD, "hid: 1 interface done");
    assert_good(TALK_MSC, GADGET_GOOD,
                "msc: 64 blocks read, FAT12, 3 files, a file written and read back");
    assert_good(TALK_LOOPBACK, GADGET_GOOD, "loopback: 1 pair of endpoints done");
}

static void auto_speaks_to_all_of_them(void **state)
{
    struct world *world = world_create(TALK_AUTO, GADGET_GOOD, 1);

    (void)state;
    world_run(world, WORLD_TIME);
    assert_int_equal(host_outcome(world->host), HOST_DONE);
    assert_non_null(strstr(text_string(&world->said), "auto: 3 classes spoken to"));
    assert_int_equal(world->gadget.leds, 0);
    assert_memory_equal(world->gadget.line_coding, "\x00\xc2\x01\x00\x00\x00\x08", 7);
    world_destroy(world);
}

static void a_port_that_is_no_echo_is_left_in_peace(void **state)
{
    (void)state;
    assert_good(TALK_CDC, NO_ECHO, "the device is no echo");
}

static void reports_are_asked_for_by_their_number(void **state)
{
    (void)state;
    assert_good(TALK_HID, NUMBERS_REPORTS, "hid: 1 interface done");
}

static void a_write_protected_disk_is_not_wrong(void **state)
{
    (void)state;
    assert_good(TALK_MSC, WRITE_PROTECTED, "64 blocks read, FAT12, 2 files, write-protected");
}

/* ---- Faults ---------------------------------------------------------------------------------- */

static void faults_of_a_serial_port_are_found(void **state)
{
    (void)state;
    assert_finds(
        TALK_CDC, FORGETS_LINE_CODING,
        "cdc, \"get line-coding interface 0 expect echo\": class request 0x21(value "
        "0x0000, index 0x0000, interface 0), 7 bytes wanted: byte 0 is 00, 80 was expected");
    assert_finds(TALK_CDC, ECHO_LOSES_A_BYTE, "came back as");
}

static void faults_of_a_keyboard_are_found(void **state)
{
    (void)state;
    assert_finds(TALK_HID, SHORT_REPORT_DESCRIPTOR, "44 bytes came, exactly 45 were expected");
    assert_finds(TALK_HID, KEEPS_PROTOCOL, "byte 0 is 01, 00 was expected");
}

static void faults_of_a_disk_are_found(void **state)
{
    (void)state;
    assert_finds(TALK_MSC, WRONG_TAG, "byte 4 is 00, 01 was expected");
    assert_finds(TALK_MSC, WRONG_SIGNATURE, "byte 3 is 43, 53 was expected");
    assert_finds(TALK_MSC, NEVER_READY, "the disk does not become ready");
    assert_finds(TALK_MSC, DAMAGED_FAT, "the file system is damaged: ");
    assert_finds(TALK_MSC, PASSES_ANY_COMMAND, "at fault: it passes command ff");
    assert_finds(TALK_MSC, READS_BEHIND_THE_END,
                 "msc: the device is at fault: it passes a READ(10) behind the end of its disk");
    assert_finds(TALK_MSC, KEEPS_THE_REASON, "NO SENSE, where REQUEST SENSE has to give a key");
    assert_finds(TALK_MSC, FORGETS_WRITES, "is not what was written, or was there before");
    assert_finds(TALK_MSC, TAKES_ANY_WRAPPER, "STALL was expected");
}

static void faults_of_a_loopback_are_found(void **state)
{
    (void)state;
    assert_finds(TALK_LOOPBACK, LOOPBACK_MERGES_PACKETS,
                 "a packet of 1 bytes came where one of 2 was sent");
    assert_finds(TALK_LOOPBACK, LOOPBACK_FORGETS_ZLP,
                 "a packet of 64 bytes came where one of 0 was sent");
}

static void a_device_of_another_class_is_told(void **state)
{
    (void)state;
    assert_int_equal(hosts_talk_named("cdc"), TALK_CDC);
    assert_int_equal(hosts_talk_named("linux"), TALKS);
    assert_string_equal(hosts_talk_name(TALK_MSC), "msc");
    assert_string_equal(hosts_talk_name(TALK_NONE), "");
}

/* ---- Snapshots ------------------------------------------------------------------------------- */

/* A program is state: from a snapshot in the middle it goes on as it did. */
static void a_program_goes_on_from_a_snapshot(void **state)
{
    struct world *world = world_create(TALK_AUTO, GADGET_GOOD, 1);
    struct snapshot *snapshot;
    uint64_t end;

    (void)state;
    world_run(world, 700 * CYCLES_PER_MS);
    assert_int_equal(host_outcome(world->host), HOST_BUSY);
    snapshot = snapshot_take(&world->state);
    world_run(world, WORLD_TIME);
    end = state_hash(&world->state);
    snapshot_restore(snapshot, &world->state);
    assert_int_not_equal(state_hash(&world->state), end);
    world_run(world, WORLD_TIME);
    assert_int_equal(host_outcome(world->host), HOST_DONE);
    assert_true(state_hash(&world->state) == end);
    snapshot_free(snapshot);
    world_destroy(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_class_of_a_good_device_is_spoken_to),
        cmocka_unit_test(auto_speaks_to_all_of_them),
        cmocka_unit_test(a_port_that_is_no_echo_is_left_in_peace),
        cmocka_unit_test(reports_are_asked_for_by_their_number),
        cmocka_unit_test(a_write_protected_disk_is_not_wrong),
        cmocka_unit_test(faults_of_a_serial_port_are_found),
        cmocka_unit_test(faults_of_a_keyboard_are_found),
        cmocka_unit_test(faults_of_a_disk_are_found),
        cmocka_unit_test(faults_of_a_loopback_are_found),
        cmocka_unit_test(a_device_of_another_class_is_told),
        cmocka_unit_test(a_program_goes_on_from_a_snapshot),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
