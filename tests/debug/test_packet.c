/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/cmocka.h"

#include "sim/debug/packet.h"

#include <string.h>

/* Feeds a string; returns the last event. */
static enum packet_event feed(struct packet_reader *reader, const char *bytes)
{
    enum packet_event event = PACKET_PENDING;

    for (; *bytes; bytes++)
        event = packet_feed(reader, (uint8_t)*bytes);
    return event;
}

static void a_packet_is_read(void **state)
{
    struct packet_reader reader = {.size = 0};

    (void)state;
    assert_int_equal(feed(&reader, "+$m0,4#fd"), PACKET_COMPLETE);
    assert_string_equal(reader.bytes, "m0,4");
    assert_int_equal(reader.size, 4);
}

static void a_wrong_checksum_is_noticed(void **state)
{
    struct packet_reader reader = {.size = 0};

    (void)state;
    assert_int_equal(feed(&reader, "$m0,4#fe"), PACKET_DAMAGED);
    assert_int_equal(feed(&reader, "$m0,4#zz"), PACKET_PENDING); /* z ended it, z is outside */
    assert_int_equal(feed(&reader, "$m0,4#FD"), PACKET_COMPLETE);
}

static void escaped_bytes_are_restored(void **state)
{
    struct packet_reader reader = {.size = 0};

    (void)state;
    /* } is 7d, } ] is 7d 5d: sum 7d + 5d + 7d + 03 = 0x15a */
    assert_int_equal(feed(&reader, "$}]}\x03#5a"), PACKET_COMPLETE);
    assert_memory_equal(reader.bytes, "}#", 2);
    assert_int_equal(reader.size, 2);
}

static void what_is_written_can_be_read(void **state)
{
    char bytes[256];
    struct text text = {0};
    struct packet_reader reader = {.size = 0};
    enum packet_event event = PACKET_PENDING;

    (void)state;
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)i;
    packet_write(&text, bytes, sizeof bytes);
    for (size_t i = 0; i < text.length; i++)
        event = packet_feed(&reader, (uint8_t)text.bytes[i]);
    assert_int_equal(event, PACKET_COMPLETE);
    assert_int_equal(reader.size, sizeof bytes);
    assert_memory_equal(reader.bytes, bytes, sizeof bytes);
    text_free(&text);
}

static void a_new_packet_replaces_a_torn_one(void **state)
{
    struct packet_reader reader = {.size = 0};

    (void)state;
    assert_int_equal(feed(&reader, "$m0,$?#3f"), PACKET_COMPLETE);
    assert_string_equal(reader.bytes, "?");
}

static void a_packet_that_is_too_long_is_damaged(void **state)
{
    struct packet_reader reader = {.size = 0};

    (void)state;
    (void)packet_feed(&reader, '$');
    for (unsigned i = 0; i < PACKET_MAX + 100; i++)
        assert_int_equal(packet_feed(&reader, 'a'), PACKET_PENDING);
    assert_int_equal(feed(&reader, "#00"), PACKET_DAMAGED);
    assert_int_equal(feed(&reader, "$?#3f"), PACKET_COMPLETE);
}

static void ctrl_c_is_seen_between_packets_only(void **state)
{
    struct packet_reader reader = {.size = 0};

    (void)state;
    assert_int_equal(feed(&reader, "\x03"), PACKET_INTERRUPT);
    assert_int_equal(feed(&reader, "$\x03#03"), PACKET_COMPLETE);
}

static void numbers_have_to_be_there_and_end(void **state)
{
    const char *good = "1fG";
    const char *none = ",4";
    const char *endless = "11112222333344445";
    uint64_t number;

    (void)state;
    assert_true(packet_number(&good, &number));
    assert_int_equal(number, 0x1f);
    assert_true(packet_skip(&good, 'G'));
    assert_false(packet_number(&none, &number));
    assert_false(packet_number(&endless, &number));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_packet_is_read),
        cmocka_unit_test(a_wrong_checksum_is_noticed),
        cmocka_unit_test(escaped_bytes_are_restored),
        cmocka_unit_test(what_is_written_can_be_read),
        cmocka_unit_test(a_new_packet_replaces_a_torn_one),
        cmocka_unit_test(a_packet_that_is_too_long_is_damaged),
        cmocka_unit_test(ctrl_c_is_seen_between_packets_only),
        cmocka_unit_test(numbers_have_to_be_there_and_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
