/* SPDX-License-Identifier: Apache-2.0 */
/* The language of conversations: what is understood, and what is said about what is not. */
#include "sim/base/heap.h"
#include "sim/base/rng.h"
#include "sim/usb/script.h"
#include "tests/cmocka.h"

#include <stdio.h>
#include <string.h>

static struct conversation *parse(const char *text)
{
    struct conversation *conversation;
    struct failure failure = {0};

    if (conversation_parse(&conversation, "x.usb", text, strlen(text), &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    return conversation;
}

/* ---- What is understood ---------------------------------------------------------------------- */

static void assert_setup(const char *text, const char *expected)
{
    struct conversation *conversation = parse(text);
    const struct step *step = &conversation->step[0];
    char bytes[3 * 8 + 1];

    for (unsigned i = 0; i < 8; i++)
        (void)snprintf(bytes + 3 * i, 4, "%02x ", step->setup[i]);
    bytes[23] = '\0';
    assert_int_equal(step->kind, STEP_CONTROL);
    assert_string_equal(bytes, expected);
    conversation_free(conversation);
}

static void requests_in_words_become_setup_packets(void **state)
{
    (void)state;
    assert_setup("setup 80 06 00 01 00 00 12 00", "80 06 00 01 00 00 12 00");
    assert_setup("get descriptor device 64", "80 06 00 01 00 00 40 00");
    assert_setup("setup get descriptor device 64 bytes", "80 06 00 01 00 00 40 00");
    assert_setup("GET Descriptor Configuration 1 0x102", "80 06 01 02 00 00 02 01");
    assert_setup("get descriptor string 0 255", "80 06 00 03 00 00 ff 00");
    assert_setup("get descriptor string 2 255", "80 06 02 03 09 04 ff 00");
    assert_setup("get descriptor string 2 language 0x0407 255", "80 06 02 03 07 04 ff 00");
    assert_setup("get descriptor qualifier 10", "80 06 00 06 00 00 0a 00");
    assert_setup("get descriptor other-speed 9", "80 06 00 07 00 00 09 00");
    assert_setup("get descriptor bos 5", "80 06 00 0f 00 00 05 00");
    assert_setup("get descriptor interface 9", "80 06 00 04 00 00 09 00");
    assert_setup("get descriptor endpoint 7", "80 06 00 05 00 00 07 00");
    assert_setup("get descriptor 0x29 8", "80 06 00 29 00 00 08 00");
    assert_setup("get descriptor report interface 2 63", "81 06 00 22 02 00 3f 00");
    assert_setup("get descriptor hid interface 2 1 9", "81 06 01 21 02 00 09 00");
    assert_setup("get status device", "80 00 00 00 00 00 02 00");
    assert_setup("get status interface 1", "81 00 00 00 01 00 02 00");
    assert_setup("get status endpoint 0x81", "82 00 00 00 81 00 02 00");
    assert_setup("set feature remote-wakeup", "00 03 01 00 00 00 00 00");
    assert_setup("set feature halt endpoint 0x81", "02 03 00 00 81 00 00 00");
    assert_setup("clear feature halt endpoint 2", "02 01 00 00 02 00 00 00");
    assert_setup("clear feature 7 interface 3", "01 01 07 00 03 00 00 00");
    assert_setup("set feature 2 device", "00 03 02 00 00 00 00 00");
    assert_setup("set address 5", "00 05 05 00 00 00 00 00");
    assert_setup("get configuration", "80 08 00 00 00 00 01 00");
    assert_setup("set configuration 42", "00 09 2a 00 00 00 00 00");
    assert_setup("get interface 1", "81 0a 00 00 01 00 01 00");
    assert_setup("set interface 1 alternate 2", "01 0b 02 00 01 00 00 00");
    assert_setup("synch frame endpoint 0x88", "82 0c 00 00 88 00 02 00");
}

static void requests_of_classes_become_setup_packets(void **state)
{
    (void)state;
    assert_setup("set line-coding interface 2 data 7 bytes", "21 20 00 00 02 00 07 00");
    assert_setup("get line-coding interface 0", "a1 21 00 00 00 00 07 00");
    assert_setup("set control-line-state 3 interface 1", "21 22 03 00 01 00 00 00");
    assert_setup("send break 65535 interface 0", "21 23 ff ff 00 00 00 00");
    assert_setup("get report input interface 0 8", "a1 01 00 01 00 00 08 00");
    assert_setup("get report feature 5 interface 1 300 bytes", "a1 01 05 03 01 00 2c 01");
    assert_setup("set report output 2 interface 0 1 byte data 02", "21 09 02 02 00 00 01 00");
    assert_setup("get idle interface 0", "a1 02 00 00 00 00 01 00");
    assert_setup("get idle 3 interface 0", "a1 02 03 00 00 00 01 00");
    assert_setup("set idle 125 interface 0", "21 0a 00 7d 00 00 00 00");
    assert_setup("set idle 125 4 interface 0", "21 0a 04 7d 00 00 00 00");
    assert_setup("get protocol interface 0", "a1 03 00 00 00 00 01 00");
    assert_setup("set protocol boot interface 0", "21 0b 00 00 00 00 00 00");
    assert_setup("setup Set Protocol Report Interface 3", "21 0b 01 00 03 00 00 00");
    assert_setup("get max-lun interface 0", "a1 fe 00 00 00 00 01 00");
    assert_setup("bulk-only reset interface 1", "21 ff 00 00 01 00 00 00");
}

static void steps_of_the_port_are_understood(void **state)
{
    struct conversation *c = parse("attach\nattach within 3 s\ndetach\nreset\nreset 20ms\nsuspend\n"
                                   "resume\nwait 3 frames\nwait for detach\n"
                                   "wait for detach within 5 ms\nenumerate macos\npace normal\n"
                                   "pace back-to-back\npace 7 us\nsay \"hello\"\n");
    static const enum step_kind kinds[] = {
        STEP_ATTACH, STEP_ATTACH, STEP_DETACH,      STEP_RESET,       STEP_RESET,     STEP_SUSPEND,
        STEP_RESUME, STEP_WAIT,   STEP_WAIT_DETACH, STEP_WAIT_DETACH, STEP_ENUMERATE, STEP_PACE,
        STEP_PACE,   STEP_PACE,   STEP_SAY,         STEP_END};

    (void)state;
    assert_int_equal(c->steps, ARRAY_LENGTH(kinds));
    for (unsigned i = 0; i < c->steps; i++) {
        assert_int_equal(c->step[i].kind, kinds[i]);
        assert_int_equal(c->step[i].line, i + 1);
    }
    assert_int_equal(c->step[1].time, 3 * CYCLES_PER_SECOND);
    assert_int_equal(c->step[4].time, 20 * CYCLES_PER_MS);
    assert_int_equal(c->step[7].time, 3 * CYCLES_PER_MS);
    assert_int_equal(c->step[9].time, 5 * CYCLES_PER_MS);
    assert_int_equal(c->step[10].profile, HOST_MACOS);
    assert_false(c->step[11].paced);
    assert_true(c->step[12].paced);
    assert_int_equal(c->step[13].time, 7 * CYCLES_PER_US);
    assert_string_equal(c->pool + c->step[14].data.at, "hello");
    conversation_free(c);
}

static void data_are_bytes_texts_or_a_count(void **state)
{
    struct conversation *c = parse("out endpoint 2 01 \"ab\" ff\nout on endpoint 1 300 bytes\n"
                                   "out endpoint 3 0 bytes zlp packets of 8 interrupt every 2 ms\n"
                                   "setup 40 01 00 00 00 00 02 00 data 5a a5\n"
                                   "in endpoint 0x83 17 bytes bulk within 30 ms\n");
    static const uint8_t first[] = {1, 'a', 'b', 0xff};

    (void)state;
    assert_int_equal(c->step[0].endpoint, 2);
    assert_int_equal(c->step[0].data.size, 4);
    assert_memory_equal(c->pool + c->step[0].data.at, first, 4);
    assert_int_equal(c->step[1].data.size, 300);
    assert_int_equal(c->pool[c->step[1].data.at + 299], 299 - 256);
    assert_int_equal(c->step[2].data.size, 0);
    assert_true(c->step[2].zlp);
    assert_int_equal(c->step[2].packet_max, 8);
    assert_int_equal(c->step[2].interval, 2);
    assert_int_equal(c->step[3].data.size, 2);
    assert_int_equal(c->step[4].endpoint, 3);
    assert_int_equal(c->step[4].count, 17);
    assert_true(c->step[4].bulk);
    assert_int_equal(c->step[4].time, 30 * CYCLES_PER_MS);
    conversation_free(c);
}

static void expectations_add_up(void **state)
{
    struct conversation *c = parse("get descriptor device 18 expect ok\n"
                                   "  expect 12 ?? \"a\" ...\n"
                                   "  expect at least 4 bytes, expect at most 9 bytes\n"
                                   "in endpoint 1 8 expect 8 bytes expect echo\n"
                                   "in endpoint 1 8 expect any\n"
                                   "in endpoint 1 8 as data1 expect stall or ok expect 40/c0\n");
    const struct expectation *expect = &c->step[0].expect;

    (void)state;
    assert_true(expect->bytes_given && expect->open);
    assert_int_equal(expect->outcomes, 1u << TRANSFER_DONE);
    assert_int_equal(expect->bytes.size, 3);
    assert_memory_equal(c->pool + expect->bytes.at,
                        "\x12\x00"
                        "a\xff\x00\xff",
                        6);
    assert_int_equal(expect->least, 4);
    assert_int_equal(expect->most, 9);
    assert_true(c->step[1].expect.echo);
    assert_int_equal(c->step[1].expect.least, 8);
    assert_int_equal(c->step[1].expect.most, 8);
    assert_int_equal(c->step[2].expect.outcomes, EXPECT_ANY);
    assert_int_equal(c->step[3].expect.outcomes, 1u << TRANSFER_STALLED | 1u << TRANSFER_DONE);
    assert_memory_equal(c->pool + c->step[3].expect.bytes.at, "\x40\xc0", 2);
    assert_int_equal(c->step[3].toggle, PID_DATA1);
    conversation_free(c);
}

static void clauses_are_kept_in_their_order(void **state)
{
    struct conversation *c =
        parse("get descriptor device 64 after 0 packets lose ack, after 8 bytes wait 3 ms \\\n"
              "    after 1 packet and 20 us wait 1 ms after 50 us reset\n"
              "set address 3 after status lose ack\n");
    const struct clause *clause = c->step[0].clause;

    (void)state;
    assert_int_equal(c->step[0].clauses, 4);
    assert_int_equal(clause[0].action, ACTION_LOSE_ACK);
    assert_int_equal(clause[1].point, POINT_BYTES);
    assert_int_equal(clause[1].count, 8);
    assert_int_equal(clause[1].wait, 3 * CYCLES_PER_MS);
    assert_int_equal(clause[2].time, 20 * CYCLES_PER_US);
    assert_int_equal(clause[3].point, POINT_TIME);
    assert_int_equal(clause[3].action, ACTION_RESET);
    assert_int_equal(c->step[1].clause[0].point, POINT_STATUS);
    assert_int_equal(c->step[1].line, 3); /* the lines behind a continuation are counted right */
    conversation_free(c);
}

static void comments_blank_lines_and_windows_line_ends_mean_nothing(void **state)
{
    struct conversation *c = parse("# a comment\r\n\r\n  reset # another\r\n\t\r\nresume");

    (void)state;
    assert_int_equal(c->steps, 3);
    assert_int_equal(c->step[1].line, 5);
    conversation_free(c);
}

static void loops_know_where_they_begin(void **state)
{
    struct conversation *c = parse("loop 2 {\nreset\nloop 3 {\n}\n}\n");

    (void)state;
    assert_int_equal(c->step[0].count, 2);
    assert_int_equal(c->step[3].partner, 2);
    assert_int_equal(c->step[4].partner, 0);
    conversation_free(c);
}

/* ---- What is said about the rest ------------------------------------------------------------- */

static void assert_refused(const char *text, const char *place, const char *sentence)
{
    struct conversation *conversation = (struct conversation *)&place;
    struct failure failure = {0};
    char start[80];

    assert_int_equal(conversation_parse(&conversation, "x.usb", text, strlen(text), &failure),
                     STATUS_CONVERSATION);
    assert_null(conversation);
    (void)snprintf(start, sizeof start, "x.usb:%s: mistake in the conversation: ", place);
    if (strncmp(failure.message, start, strlen(start)) != 0 || !strstr(failure.message, sentence))
        fail_msg("%s\nexpected at %s: %s", failure.message, place, sentence);
    assert_true(strlen(failure.message) < sizeof failure.message - 1);
}

static void a_mistake_is_shown_in_its_line(void **state)
{
    struct conversation *conversation;
    struct failure failure = {0};
    const char *text = "reset\nget descripter device 18\n";

    (void)state;
    assert_int_equal(conversation_parse(&conversation, "x.usb", text, strlen(text), &failure),
                     STATUS_CONVERSATION);
    assert_string_equal(failure.message,
                        "x.usb:2:5: mistake in the conversation: behind \"get\" stands descriptor, "
                        "status, configuration, interface or a class request, not \"descripter\"\n"
                        "    get descripter device 18\n"
                        "        ^");
}

static void long_names_and_lines_are_cut_around_the_mistake(void **state)
{
    struct conversation *conversation;
    struct failure failure = {0};
    char name[300];
    char text[400];

    (void)state;
    memset(name, 'n', sizeof name);
    memcpy(name + sizeof name - 7, "end.us", 7);
    memset(text, ' ', sizeof text);
    memcpy(text + 200, "get descriptor device wrong", 27);
    assert_int_equal(conversation_parse(&conversation, name, text, sizeof text, &failure),
                     STATUS_CONVERSATION);
    assert_memory_equal(failure.message, "...nnn", 6);
    assert_non_null(strstr(failure.message, "nend.us:1:223: mistake"));
    assert_non_null(strstr(failure.message, "get descriptor device wrong"));
    assert_int_equal(failure.message[strlen(failure.message) - 1], '^');
}

static void mistakes_in_steps_are_named(void **state)
{
    (void)state;
    assert_refused("set idle 256 interface 0", "1:10", "must be 0 to 255");
    assert_refused("set protocol bot interface 0", "1:14", "\"boot\" or \"report\" was expected");
    assert_refused("get report inputs interface 0 8", "1:12", "\"input\", \"output\" or");
    assert_refused("get max-lun 0", "1:13", "\"interface\" was expected, not \"0\"");
    assert_refused("set report output interface 0 1", "1:32", "wLength is 1, but");
    assert_refused("jump\n", "1:1", "there is no step \"jump\"");
    assert_refused("reset\n  ;\n", "2:3", "\";\" means nothing here");
    assert_refused("reset now\n", "1:7", "a time was expected, such as 20 ms");
    assert_refused("reset 20 ms 3\n", "1:13", "\"3\" is too much");
    assert_refused("detach fast\n", "1:8", "\"fast\" is too much");
    assert_refused("wait\n", "1:5",
                   "a time was expected, such as 20 ms, 50 us or 3 frames, not the end");
    assert_refused("wait 0 ms\n", "1:6", "more than 0");
    assert_refused("wait 4000 s\n", "1:6", "at most 3600 s");
    assert_refused("wait 20\n", "1:6", "a time was expected");
    assert_refused("wait for attach\n", "1:10",
                   "behind \"wait for\" stands detach or wake-up, not \"attach\"");
    assert_refused("enumerate bsd\n", "1:11", "linux, windows or macos, not \"bsd\"");
    assert_refused("pace slow\n", "1:6", "a time was expected");
    assert_refused("say hello\n", "1:5", "a \"text\" was expected");
    assert_refused("say \"hello\n", "1:5", "must end on the line where it begins");
    assert_refused("out endpoint 1 \"hello\n", "1:16", "must end on the line where it begins");
    assert_refused("\x01\n", "1:1", "\"?\" means nothing here");
}

static void mistakes_in_loops_are_named(void **state)
{
    (void)state;
    assert_refused("loop {\n", "1:6", "how often to repeat was expected, a number");
    assert_refused("loop 0 {\n", "1:6", "must be 1 to 1000000");
    assert_refused("loop 2\n", "1:7", "\"{\" was expected, not the end of the line");
    assert_refused("reset\n}\n", "2:1", "there is no loop to end here");
    assert_refused("reset\nloop 2 {\nreset\n", "4:1", "the loop of line 2 has no \"}\"");
    assert_refused("loop 1 {\nloop 1 {\nloop 1 {\nloop 1 {\nloop 1 {\nloop 1 {\nloop 1 {\n"
                   "loop 1 {\nloop 1 {\n",
                   "9:6", "nested more than 8 deep");
    assert_refused("loop 1 { reset }\n", "1:10", "\"reset\" is too much");
}

static void mistakes_in_requests_are_named(void **state)
{
    (void)state;
    assert_refused("setup 80 06 00\n", "1:15", "8 bytes of two hexadecimal digits, not the end");
    assert_refused("setup 80 06 00 01 00 00 12 0x00\n", "1:28", "8 bytes");
    assert_refused("setup look\n", "1:7", "a request was expected");
    assert_refused("get descriptor devise 18\n", "1:16", "\"devise\" is no type of a descriptor");
    assert_refused("get descriptor device\n", "1:22", "the number of bytes wanted was expected");
    assert_refused("get descriptor device 70000\n", "1:23", "must be 0 to 65535");
    assert_refused("get descriptor string 300 5\n", "1:23", "the index of the string must be 0 to");
    assert_refused("get descriptor 256 5\n", "1:16", "the type of the descriptor must be");
    assert_refused("get descriptor string 1 language x 5\n", "1:34", "the language was expected");
    assert_refused("get descriptor report interface x 5\n", "1:33", "the number of the interface");
    assert_refused("get descriptor device 256 5\n", "1:23", "the index of the descriptor must be");
    assert_refused("reset \\ now\n", "1:7", "a time was expected");
    assert_refused("get status thing\n", "1:12", "\"device\", \"interface\" or \"endpoint\"");
    assert_refused("get status endpoint\n", "1:20", "the address of the endpoint was expected");
    assert_refused("set adress 5\n", "1:5", "behind \"set\" stands address, configuration");
    assert_refused("set address 128\n", "1:13", "an address must be 0 to 127");
    assert_refused("set interface 1 2\n", "1:17", "\"alternate\" was expected");
    assert_refused("set feature halt device\n", "1:18", "\"endpoint\" was expected");
    assert_refused("clear feature\n", "1:14", "or a feature selector was expected");
    assert_refused("clear halt\n", "1:7", "\"feature\" was expected");
    assert_refused("synch endpoint\n", "1:7", "\"frame\" was expected");
    assert_refused("setup 40 01 00 00 00 00 04 00 data 01\n", "1:38",
                   "wLength is 4, but \"data\" gives 1 bytes");
    assert_refused("setup 40 01 00 00 00 00 04 00\n", "1:30", "\"data\" gives 0 bytes");
    assert_refused("set address 5 data 01\n", "1:15", "has no OUT data stage");
    assert_refused("setup 40 01 00 00 00 00 01 00 data 01 data 02\n", "1:39", "given already");
}

static void mistakes_in_pipes_are_named(void **state)
{
    (void)state;
    assert_refused("stream bytes\n", "1:8", "the number of bytes was expected");
    assert_refused("stream 5 bytes\n", "1:15", "\"out endpoint\" or \"in endpoint\" was expected");
    assert_refused("stream 5 out endpoint 0\n", "1:23", "an endpoint is 1 to 15");
    assert_refused("stream 5 in endpoint 1 pausing 5 ms\n", "1:36", "\"every\" was expected");
    assert_refused("stream 5 in endpoint 1 zlp\n", "1:24", "means nothing behind this transfer");
    assert_refused("in 1 64\n", "1:4", "\"endpoint\" was expected, not \"1\"");
    assert_refused("in endpoint 0 64\n", "1:13", "an endpoint is 1 to 15, or 0x81 to 0x8f");
    assert_refused("out endpoint 0x81 01\n", "1:14", "an endpoint is 1 to 15");
    assert_refused("in endpoint 1 4097\n", "1:15", "must be 0 to 4096");
    assert_refused("in endpoint 1\n", "1:14", "the number of bytes wanted");
    assert_refused("out endpoint 1\n", "1:15", "data were expected, such as 01 02");
    assert_refused("out endpoint 1 4097 bytes\n", "1:16", "a number of bytes must be 0 to 4096");
    assert_refused("out endpoint 1 01 2 03\n", "1:19",
                   "a byte is two hexadecimal digits, not \"2\"");
    assert_refused("out endpoint 1 01 interrupt\n", "1:28", "\"every\" was expected");
    assert_refused("in endpoint 1 8 interrupt every 50 us\n", "1:33", "1 to 255 whole frames");
    assert_refused("in endpoint 1 8 interrupt every 1 s\n", "1:33", "1 to 255 whole frames");
    assert_refused("in endpoint 1 8 packets of 1024\n", "1:28",
                   "the size of a packet must be 1 to 1023");
    assert_refused("in endpoint 1 8 zlp\n", "1:17", "\"zlp\" means nothing behind this transfer");
    assert_refused("set address 1 bulk\n", "1:15", "\"bulk\" means nothing behind this transfer");
    assert_refused("in endpoint 1 8 within\n", "1:23", "a time was expected");
}

static void mistakes_in_expectations_are_named(void **state)
{
    (void)state;
    assert_refused("expect ok\n", "1:1", "must stand behind a transfer");
    assert_refused("get status device\nreset\nexpect ok\n", "3:1", "must stand behind a transfer");
    assert_refused("get status device expect\n", "1:25", "what is expected?");
    assert_refused("get status device expect 1\n", "1:26", "or ?? for any, not \"1\"");
    assert_refused("get status device expect wonder\n", "1:26", "not \"wonder\"");
    assert_refused("get status device expect ok expect stall\n", "1:36", "expected already");
    assert_refused("get status device expect 00\nexpect 00\n", "2:8", "expected already");
    assert_refused("get status device expect at 4 bytes\n", "1:29", "\"most\" was expected");
    assert_refused("get status device expect at most 4\n", "1:35", "\"bytes\" was expected");
    assert_refused("get status device expect 00 ... 00\n", "1:33", "means nothing behind");
    assert_refused("get status device expect ok or 5\n", "1:32", "ok, stall, nak");
    assert_refused("get status device expect 00/5\n", "1:26", "or ?? for any, not \"00/5\"");
    assert_refused("in endpoint 1 8 as 1\n", "1:20", "behind \"as\" stands data0 or data1");
    assert_refused("set address 1 expect 00\n", "1:22", "nothing comes back from a write");
    assert_refused("out endpoint 1 00 expect echo\n", "1:26", "nothing comes back from a write");
}

static void mistakes_in_misbehaviour_are_named(void **state)
{
    (void)state;
    assert_refused("get status device after\n", "1:24", "a number of packets or bytes, or a time");
    assert_refused("get status device after 1 reset\n", "1:27", "packets, bytes, us, ms or s");
    assert_refused("get status device after 0 bytes stop\n", "1:25", "must be 1 or more here");
    assert_refused("get status device after 1 packet jump\n", "1:34",
                   "wrong toggle or excess, not \"jump\"");
    assert_refused("get status device after 1 packet lose it\n", "1:39", "\"ack\" was expected");
    assert_refused("get status device after 1 packet wait\n", "1:38", "a time was expected");
    assert_refused("get status device after 1 packet and stop\n", "1:38", "a time was expected");
    assert_refused("get status device after 1 packet spoil it\n", "1:40", "\"crc\" was expected");
    assert_refused("out endpoint 1 00 after 1 packet wrong\n", "1:39", "\"toggle\" was expected");
    assert_refused("in endpoint 1 8 after 1 packet babble\n", "1:32", "only what the host writes");
    assert_refused("out endpoint 1 00 after 1 packet excess\n", "1:34", "only control writes with");
    assert_refused("out endpoint 1 00 after 0 packets babble\n", "1:35", "packets count from 1");
    assert_refused("get status device after 1 ms status\n", "1:30", "a point in packets or bytes");
    assert_refused("get status device after 1 packet and 1 us lose ack\n", "1:43", "without time");
    assert_refused("get status device after status reset\n", "1:32",
                   "\"lose ack\" and \"spoil crc\" are all");
    assert_refused("in endpoint 1 8 after status lose ack\n", "1:23", "only control transfers");
    assert_refused("in endpoint 1 8 after 1 packet status\n", "1:32", "only control transfers");
    assert_refused("set address 1 after 0 packets status\n", "1:31",
                   "only control transfers with data");
    assert_refused("in endpoint 1 8 after 0 packets lose ack\n", "1:33",
                   "packets count from 1 here");
    assert_refused("get status device after 1 packet stop after 2 packets stop\n", "1:45",
                   "over already with the clause before");
    assert_refused(
        "get status device after 1 us wait 1 us after 1 us wait 1 us after 1 us wait 1 us "
        "after 1 us wait 1 us after 1 us wait 1 us\n",
        "1:109", "at most 4 \"after\"");
}

static void limits_are_kept(void **state)
{
    struct text text = {0};

    (void)state;
    for (unsigned i = 0; i < 10001; i++)
        text_printf(&text, "reset\n");
    assert_refused(text_string(&text), "10001:1", "more than 10000 steps");
    text_clear(&text);
    for (unsigned i = 0; i < 1025; i++)
        text_printf(&text, "out endpoint 1 4096 bytes\n");
    assert_refused(text_string(&text), "1025:21", "more than 4 MiB of data");
    text_clear(&text);
    text_printf(&text, "out endpoint 1");
    for (unsigned i = 0; i < 4097; i++)
        text_printf(&text, " 00");
    assert_refused(text_string(&text), "1:12304", "at most 4096 bytes");
    text_clear(&text);
    text_printf(&text, "in endpoint 1 64 expect");
    for (unsigned i = 0; i < 4097; i++)
        text_printf(&text, " ??");
    assert_refused(text_string(&text), "1:12313", "at most 4096 bytes");
    text_free(&text);
}

/* ---- Anything ------------------------------------------------------------------------------- */

static const char *const vocabulary[] = {
    "attach",  "detach",    "reset",
    "suspend", "resume",    "wait",
    "for",     "within",    "enumerate",
    "linux",   "pace",      "back-to-back",
    "say",     "\"text\"",  "\"",
    "loop",    "{",         "}",
    "setup",   "get",       "set",
    "clear",   "feature",   "descriptor",
    "device",  "string",    "configuration",
    "status",  "interface", "endpoint",
    "in",      "out",       "on",
    "expect",  "ok",        "stall",
    "echo",    "any",       "at",
    "least",   "most",      "bytes",
    "packets", "after",     "lose",
    "ack",     "stop",      "data",
    "zlp",     "interrupt", "every",
    "of",      "language",  "alternate",
    "halt",    "??",        "...",
    "1",       "0x81",      "64",
    "00",      "ff",        "20ms",
    "3",       "us",        "ms",
    "stream",  "pausing",   "seed",
    "as",      "data1",     "or",
    "wake-up", "40/c0",     "isochronous",
    "report",  "idle",      "max-lun",
    "send",    "break",     "bulk-only",
    "frames",  "\n",        "\n",
    "\n",      "\\\n",      "#",
    ",",       "\x80",      "99999999999",
    "0x",
};

static void no_text_crashes_the_parser(void **state)
{
    struct rng rng;
    unsigned parsed = 0;

    (void)state;
    rng_seed(&rng, 2026);
    for (unsigned round = 0; round < 20000; round++) {
        struct conversation *conversation;
        struct failure failure = {0};
        struct text text = {0};
        unsigned words = rng_between(&rng, 0, 24);

        for (unsigned i = 0; i < words; i++)
            text_printf(&text, "%s ",
                        vocabulary[rng_between(&rng, 0, ARRAY_LENGTH(vocabulary) - 1)]);
        if (conversation_parse(&conversation, "x.usb", text_string(&text), text.length, &failure) ==
            STATUS_OK)
            parsed++;
        else
            assert_memory_equal(failure.message, "x.usb:", 6);
        conversation_free(conversation);
        text_free(&text);
    }
    assert_in_range(parsed, 100, 19000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_in_words_become_setup_packets),
        cmocka_unit_test(requests_of_classes_become_setup_packets),
        cmocka_unit_test(steps_of_the_port_are_understood),
        cmocka_unit_test(data_are_bytes_texts_or_a_count),
        cmocka_unit_test(expectations_add_up),
        cmocka_unit_test(clauses_are_kept_in_their_order),
        cmocka_unit_test(comments_blank_lines_and_windows_line_ends_mean_nothing),
        cmocka_unit_test(loops_know_where_they_begin),
        cmocka_unit_test(a_mistake_is_shown_in_its_line),
        cmocka_unit_test(long_names_and_lines_are_cut_around_the_mistake),
        cmocka_unit_test(mistakes_in_steps_are_named),
        cmocka_unit_test(mistakes_in_loops_are_named),
        cmocka_unit_test(mistakes_in_requests_are_named),
        cmocka_unit_test(mistakes_in_pipes_are_named),
        cmocka_unit_test(mistakes_in_expectations_are_named),
        cmocka_unit_test(mistakes_in_misbehaviour_are_named),
        cmocka_unit_test(limits_are_kept),
        cmocka_unit_test(no_text_crashes_the_parser),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
