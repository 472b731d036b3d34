/* SPDX-License-Identifier: Apache-2.0 */
/* The protocol, byte by byte, without gdb: what is answered, and that nothing breaks it. */
#include "tests/cmocka.h"
#include "tests/debug/debuggee.h"

#include "sim/base/rng.h"
#include "sim/debug/packet.h"
#include "sim/debug/server.h"

#include <stdio.h>
#include <string.h>

struct session {
    struct target *target;
    struct server *server;
    char answer[PACKET_MAX + 1]; /* content of the last packet */
    struct text raw;             /* all that came */
};

static int open_session(void **state)
{
    static struct session session;

    session.target = debug_firmware("usb-3");
    session.server = server_create(session.target, NULL);
    *state = &session;
    return 0;
}

static int close_session(void **state)
{
    struct session *session = *state;

    server_destroy(session->server);
    target_destroy(session->target);
    text_free(&session->raw);
    return 0;
}

/* Sends a packet and returns the content of the last one that came back. */
static const char *ask_bytes(struct session *session, const char *content, size_t size)
{
    struct packet_reader reader = {.size = 0};
    struct text packet = {0};

    packet_write(&packet, content, size);
    text_clear(&session->raw);
    server_feed(session->server, packet.bytes, packet.length, &session->raw, 5000);
    text_free(&packet);
    *session->answer = '\0';
    for (size_t i = 0; i < session->raw.length; i++) {
        if (packet_feed(&reader, (uint8_t)session->raw.bytes[i]) == PACKET_COMPLETE)
            memcpy(session->answer, reader.bytes, reader.size + 1);
    }
    return session->answer;
}

static const char *ask(struct session *session, const char *content)
{
    return ask_bytes(session, content, strlen(content));
}

static void assert_contains(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in: %s", part, text);
}

/* ---- Answers --------------------------------------------------------------------------------- */

static void packets_nobody_knows_get_an_empty_answer(void **state)
{
    static const char *const packets[] = {"vMustReplyEmpty", "qTStatus", "qOffsets", "qSymbol::",
                                          "qCRC:0,4",        "j",        "Z9,0,4",   "QNonStop:1"};

    for (unsigned i = 0; i < ARRAY_LENGTH(packets); i++)
        assert_string_equal(ask(*state, packets[i]), "");
}

static void packets_are_acknowledged_until_that_is_switched_off(void **state)
{
    struct session *session = *state;

    (void)ask(session, "qAttached");
    assert_string_equal(text_string(&session->raw), "+$1#31");
    assert_string_equal(ask(session, "QStartNoAckMode"), "OK");
    (void)ask(session, "qAttached");
    assert_string_equal(text_string(&session->raw), "$1#31");
}

static void damaged_packets_are_asked_for_again(void **state)
{
    struct session *session = *state;
    struct text raw = {0};

    server_feed(session->server, "$qAttached#00", 13, &raw, 0);
    assert_string_equal(text_string(&raw), "-");
    text_clear(&raw);
    (void)ask(session, "qAttached");
    server_feed(session->server, "-", 1, &raw, 0);
    assert_string_equal(text_string(&raw), "$1#31");
    text_free(&raw);
}

static void the_first_stop_is_told(void **state)
{
    const char *stop = ask(*state, "?");

    assert_contains(stop, "T05");
    assert_contains(stop, "0d:00000420;"); /* SP, little-endian */
    assert_contains(stop, "thread:1;");
}

static void registers_are_written_and_read_back(void **state)
{
    struct session *session = *state;
    char all[2048];
    char again[2048];

    assert_string_equal(ask(session, "P3=78563412"), "OK");
    assert_string_equal(ask(session, "p3"), "78563412");
    assert_string_equal(ask(session, "P1b=0102030405060708"), "OK"); /* d1 */
    assert_string_equal(ask(session, "p1b"), "0102030405060708");
    (void)snprintf(all, sizeof all, "G%s", ask(session, "g"));
    assert_int_equal(strlen(all), 1 + 2 * (17 * 4 + 16 * 8 + 7 * 4 + 8));
    memcpy(all + 1, "ddccbbaa", 8); /* r0 */
    assert_string_equal(ask(session, all), "OK");
    (void)snprintf(again, sizeof again, "G%s", ask(session, "g"));
    assert_string_equal(again, all);
    assert_string_equal(ask(session, "p99"), "E01");
    assert_string_equal(ask(session, "P99=00"), "E01");
    assert_string_equal(ask(session, "P3=78"), "E01");
}

static void memory_is_written_and_read_back(void **state)
{
    struct session *session = *state;

    assert_string_equal(ask(session, "M20001000,4:01020304"), "OK");
    assert_string_equal(ask(session, "m20001000,4"), "01020304");
    assert_string_equal(ask(session, "m801000,4"), "01020304"); /* the code alias */
    assert_string_equal(ask_bytes(session, "X20001001,2:\xff\x00", 14), "OK");
    assert_string_equal(ask(session, "m20001000,4"), "01ff0004");
    assert_string_equal(ask(session, "m60000000,4"), "E01");
    assert_string_equal(ask(session, "M60000000,1:00"), "E01");
    assert_string_equal(ask(session, "m2003fffe,8"), "0000"); /* what there is */
}

static void peripheral_registers_are_read_and_written(void **state)
{
    struct session *session = *state;

    assert_string_equal(ask(session, "m10000100,4"), "40280500");    /* FICR INFO.PART */
    assert_string_equal(ask(session, "M50000508,4:00200000"), "OK"); /* P0.OUTSET, pin 13 */
    assert_string_equal(ask(session, "m50000504,4"), "00200000");    /* OUT */
}

static void steps_and_breakpoints_work(void **state)
{
    struct session *session = *state;
    char packet[40];

    assert_contains(ask(session, "vCont?"), "vCont;c;C;s;S;t;r");
    assert_contains(ask(session, "vCont;s:1;c"), "T05");
    (void)snprintf(packet, sizeof packet, "Z1,%x,2", address_of(session->target, "main"));
    assert_string_equal(ask(session, packet), "OK");
    assert_contains(ask(session, "c"), "T05");
    assert_int_equal(target_register(session->target, CPU_PC), address_of(session->target, "main"));
    *packet = 'z';
    assert_string_equal(ask(session, packet), "OK");
}

static void an_exit_is_told_twice(void **state)
{
    struct session *session = *state;

    assert_contains(ask(session, "c"), "T05");
    assert_string_equal(ask(session, "c"), "W00");
}

static void an_interrupt_stops_a_run(void **state)
{
    struct session *session = *state;
    struct text raw = {0};

    server_feed(session->server, "$c#63", 5, &raw, 3);
    assert_string_equal(text_string(&raw), "+");
    server_feed(session->server, "\x03", 1, &raw, 0);
    assert_contains(text_string(&raw), "$T02");
    text_free(&raw);
}

static void flash_is_programmed(void **state)
{
    struct session *session = *state;

    assert_string_equal(ask(session, "vFlashErase:00080000,00001000"), "OK");
    assert_string_equal(ask(session, "vFlashWrite:80000:abcd"), "OK");
    assert_string_equal(ask(session, "vFlashDone"), "OK");
    assert_string_equal(ask(session, "m80000,5"), "61626364ff");
    (void)ask(session, "vRun;");
    assert_string_equal(ask(session, "m80000,5"), "61626364ff");
    assert_string_equal(ask(session, "vFlashErase:000ff000,00002000"), "E01");
}

static void documents_come_in_parts(void **state)
{
    struct session *session = *state;
    char whole[PACKET_MAX];
    size_t size = 0;

    do {
        char packet[80];

        (void)snprintf(packet, sizeof packet, "qXfer:features:read:target.xml:%zx,40", size);
        (void)ask(session, packet);
        memcpy(whole + size, session->answer + 1, strlen(session->answer));
        size += strlen(session->answer) - 1;
    } while (*session->answer == 'm');
    assert_contains(whole, "org.gnu.gdb.arm.m-profile");
    assert_contains(whole, "</target>");
    assert_contains(ask(session, "qXfer:memory-map:read::0,1000"), "type=\"flash\"");
    assert_contains(ask(session, "qXfer:threads:read::0,1000"), "EasyDMA");
    assert_contains(ask(session, "qXfer:exec-file:read:1:0,1000"), "usb-3.elf");
    assert_string_equal(ask(session, "qXfer:features:read:other.xml:0,40"), "E00");
    assert_string_equal(ask(session, "qXfer:features:write:target.xml:0,40"), "E00");
}

/* ---- Nothing breaks it ----------------------------------------------------------------------- */

/* Beginnings of packets, for damage to begin from. */
static const char *const seeds[] = {
    "g",
    "p19",
    "P3=78563412",
    "m20000000,40",
    "M20000000,4:01020304",
    "X20000000,1:a",
    "Z0,100,2",
    "z0,100,2",
    "Z2,20000000,4",
    "z2,20000000,4",
    "vCont;s:1;c",
    "vCont;r100,200:1",
    "s",
    "bs",
    "bc",
    "?",
    "qSupported:hwbreak+",
    "Hg1",
    "Hc-1",
    "T2",
    "qRcmd,68656c70",
    "qRcmd,646d61",
    "qThreadExtraInfo,2",
    "vFlashErase:0,1000",
    "vFlashWrite:1000:x",
    "qXfer:features:read:target.xml:0,10",
    "D",
    "!",
    "vCont;t",
    "R00",
    "qRcmd,7265677320757362",
    "qRcmd,73746f702d6f6e20697271203339",
};

static void damage(struct rng *rng, char *packet, size_t *size, size_t room)
{
    static const char likely[] = ";:,=#$}*-0123456789abcdefg\x00\xff\x03";

    for (unsigned n = rng_between(rng, 0, 4); n > 0; n--) {
        uint32_t at = rng_between(rng, 0, (uint32_t)*size);
        char byte = likely[rng_between(rng, 0, sizeof likely - 2)];

        if (rng_between(rng, 0, 1) && *size + 1 < room) {
            memmove(packet + at + 1, packet + at, *size - at);
            packet[at] = byte;
            ++*size;
        } else if (at < *size && rng_between(rng, 0, 1)) {
            memmove(packet + at, packet + at + 1, *size - at - 1);
            --*size;
        } else if (at < *size) {
            packet[at] = byte;
        }
    }
}

static void damaged_content_does_no_harm(void **state)
{
    struct session *session = *state;
    struct rng rng;

    rng_seed(&rng, 1);
    for (unsigned i = 0; i < 6000; i++) {
        const char *seed = seeds[rng_between(&rng, 0, ARRAY_LENGTH(seeds) - 1)];
        struct text packet = {0};
        struct text raw = {0};
        char content[200];
        size_t size = strlen(seed);

        memcpy(content, seed, size);
        damage(&rng, content, &size, sizeof content);
        packet_write(&packet, content, size);
        server_feed(session->server, packet.bytes, packet.length, &raw, 2);
        server_feed(session->server, "\x03", 1, &raw, 0);
        text_free(&packet);
        text_free(&raw);
    }
    (void)ask(session, "vRun;");
    (void)ask(session, "Hg1");
    assert_int_equal(strlen(ask(session, "p0")), 8); /* it is still there */
}

static void noise_does_no_harm(void **state)
{
    struct session *session = *state;
    struct rng rng;
    struct text raw = {0};

    rng_seed(&rng, 2);
    for (unsigned i = 0; i < 100000; i++) {
        char byte = (char)rng_between(&rng, 0, 255);

        server_feed(session->server, &byte, 1, &raw, 0);
        text_clear(&raw);
    }
    text_free(&raw);
    server_feed(session->server, "#00", 3, &raw, 0); /* whatever was begun */
    text_free(&raw);
    assert_string_equal(ask(session, "qAttached"), "1");
}

#define session_test(test) cmocka_unit_test_setup_teardown(test, open_session, close_session)

int main(void)
{
    const struct CMUnitTest tests[] = {
        session_test(packets_nobody_knows_get_an_empty_answer),
        session_test(packets_are_acknowledged_until_that_is_switched_off),
        session_test(damaged_packets_are_asked_for_again),
        session_test(the_first_stop_is_told),
        session_test(registers_are_written_and_read_back),
        session_test(memory_is_written_and_read_back),
        session_test(peripheral_registers_are_read_and_written),
        session_test(steps_and_breakpoints_work),
        session_test(an_exit_is_told_twice),
        session_test(an_interrupt_stops_a_run),
        session_test(flash_is_programmed),
        session_test(documents_come_in_parts),
        session_test(damaged_content_does_no_harm),
        session_test(noise_does_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
