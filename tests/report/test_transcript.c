/* SPDX-License-Identifier: Apache-2.0 */
/* The conversation, line by line. */
#include "tests/report/scene.h"

#include "sim/report/transcript.h"
#include "tests/report/fake_image.h"
#include "tests/report/golden.h"

#include <string.h>

static void collect(void *owner, const char *lines)
{
    struct text *text = owner;

    text_printf(text, "%s", lines);
}

static struct transcript *listen(struct scene *scene, enum transcript_level level)
{
    return transcript_create(&scene->trace, &scene->options, level, collect, &scene->text);
}

static void host_says(struct scene *scene, enum host_step step, const char *text)
{
    scene->now += 64000;
    scene_emit(scene, (struct observation){.kind = OBS_HOST, .host = {step, text}});
}

static void bus_is(struct scene *scene, enum usb_bus_state state)
{
    scene->now += 640000;
    scene_emit(scene, (struct observation){.kind = OBS_USB_BUS, .usb_bus = {state}});
}

static void console_prints(struct scene *scene, const char *source, const char *bytes)
{
    scene->now += 64;
    scene_emit(scene, (struct observation){.kind = OBS_CONSOLE,
                                           .console = {source, bytes, strlen(bytes)}});
}

static void touches_unmodelled(struct scene *scene, bool write, const char *block)
{
    scene_emit(scene, (struct observation){.kind = OBS_UNMODELLED,
                                           .unmodelled = {.pc = FAKE_ANSWER_STORE,
                                                          .address = 0x40007400,
                                                          .size = 4,
                                                          .write = write,
                                                          .value = write ? 7 : 0,
                                                          .block = block}});
}

static void packet(struct scene *scene, enum usb_sender sender, uint8_t pid, const char *payload,
                   uint32_t transfer)
{
    scene->now += 200;
    scene_emit(scene, (struct observation){.kind = OBS_USB_PACKET,
                                           .usb_packet = {.sender = sender,
                                                          .pid = pid,
                                                          .address = 1,
                                                          .size = (uint16_t)strlen(payload),
                                                          .payload = (const uint8_t *)payload,
                                                          .transfer = transfer}});
}

static void a_conversation_reads_from_top_to_bottom(void **state)
{
    struct scene *scene = *state;
    struct transcript *transcript = listen(scene, TRANSCRIPT_NORMAL);

    scene->now = 0;
    scene->options.image = fake_image();
    bus_is(scene, USB_ATTACHED);
    bus_is(scene, USB_RESET_BEGIN);
    bus_is(scene, USB_RESET_END);
    host_says(scene, HOST_REQUEST,
              "GET_DESCRIPTOR(Device) 64 -> 18 bytes: 12 01 00 02 ff 00 00 40 20 20 17 07 00 01 "
              "01 02 03 01");
    host_says(scene, HOST_STALLED, "GET_DESCRIPTOR(Device Qualifier) 10 -> STALL");
    console_prints(scene, "rtt", "addressed: 1\r\n");
    touches_unmodelled(scene, false, "SAADC");
    touches_unmodelled(scene, true, NULL);
    scene_emit(scene, (struct observation){.kind = OBS_MISUSE,
                                           .misuse = {.misuse = MISUSE_DMA_BUSY,
                                                      .pc = FAKE_ANSWER_START,
                                                      .address = 0x40027004}});
    scene_emit(scene, (struct observation){.kind = OBS_RESET, .reset = {4, FAKE_MAIN}});
    scene_emit(scene,
               (struct observation){.kind = OBS_FAULT,
                                    .fault = {.exception = 3,
                                              .pc = FAKE_ANSWER_STORE,
                                              .cause = "store to 0x20040000, where nothing is"}});
    host_says(scene, HOST_COMPLETED, "configured\nBus 001 Device 001: ID 2020:0717");
    transcript_finish(transcript);

    assert_golden("transcript", text_string(&scene->text));
    transcript_destroy(transcript);
}

static void names_need_symbols_and_addresses_do_not(void **state)
{
    struct scene *scene = *state;
    struct transcript *transcript;

    scene->options.image = fake_image();
    transcript = listen(scene, TRANSCRIPT_NORMAL);
    touches_unmodelled(scene, false, "SAADC");

    assert_string_equal(text_string(&scene->text),
                        "     102.413 ms  notice    SAADC: register 0x40007400 is not modelled; "
                        "the read at pc 0x00001104\n"
                        "                           (tests/report/source/usb-3.c:10) gives 0\n");
    transcript_destroy(transcript);
}

static void a_register_that_is_there_is_named(void **state)
{
    struct scene *scene = *state;
    struct transcript *transcript = listen(scene, TRANSCRIPT_NORMAL);

    scene_emit(scene, (struct observation){.kind = OBS_UNMODELLED,
                                           .unmodelled = {.pc = FAKE_MAIN,
                                                          .address = 0x40027004,
                                                          .size = 4,
                                                          .write = true,
                                                          .exists = true,
                                                          .value = 0x99,
                                                          .block = "USBD"}});

    assert_string_equal(text_string(&scene->text),
                        "     102.413 ms  notice    USBD.TASKS_STARTEPIN[0]: the write of 0x99 at "
                        "pc 0x00001200 asks for more\n"
                        "                           than is modelled\n");
    transcript_destroy(transcript);
}

static void an_unknown_semihosting_operation_is_not_called_a_register(void **state)
{
    struct scene *scene = *state;
    struct transcript *transcript = listen(scene, TRANSCRIPT_NORMAL);

    scene_emit(scene, (struct observation){.kind = OBS_UNMODELLED,
                                           .unmodelled = {.pc = FAKE_MAIN,
                                                          .address = FAKE_MAIN,
                                                          .size = 2,
                                                          .value = 0x99,
                                                          .block = "semihosting"}});

    assert_non_null(strstr(text_string(&scene->text),
                           "semihosting operation 0x99 is not modelled; the call at pc 0x00001200\n"
                           "                           fails\n"));
    transcript_destroy(transcript);
}

static void verbose_adds_packets_transfers_and_interrupts(void **state)
{
    struct scene *scene = *state;
    struct transcript *transcript = listen(scene, TRANSCRIPT_VERBOSE);

    scene->now = 0;
    packet(scene, USB_FROM_HOST, 0xa5, "", 0);
    packet(scene, USB_FROM_HOST, 0x2d, "", 0);
    packet(scene, USB_FROM_HOST, 0xc3, "\x80\x06", 0);
    packet(scene, USB_FROM_DEVICE, 0xd2, "", 0);
    scene_emit(scene, (struct observation){.kind = OBS_IRQ_ENTER, .exception = {55, 0, 0x1000}});
    scene_memcpy_after_start(scene);
    scene_emit(scene, (struct observation){.kind = OBS_IRQ_EXIT, .exception = {55, 0, 0x1200}});
    packet(scene, USB_FROM_DEVICE, 0x5a, "", 0);
    packet(scene, USB_FROM_HOST, 0x69, "", 0);
    packet(scene, USB_FROM_DEVICE, 0x4b, "\x12\x01", 1);

    assert_golden("transcript-verbose", text_string(&scene->text));
    transcript_destroy(transcript);
}

static void a_console_line_appears_when_it_ends(void **state)
{
    struct scene *scene = *state;
    struct transcript *transcript = listen(scene, TRANSCRIPT_NORMAL);

    scene->now = 0;
    console_prints(scene, "rtt", "hel");
    console_prints(scene, "semihosting", "other");
    console_prints(scene, "rtt", "lo");
    assert_string_equal(text_string(&scene->text), "");
    console_prints(scene, "rtt", "\nnext");
    assert_string_equal(text_string(&scene->text), "       0.004 ms  console   hello\n");

    text_clear(&scene->text);
    transcript_finish(transcript);
    assert_string_equal(text_string(&scene->text), "       0.004 ms  console   next\n"
                                                   "       0.002 ms  console   other\n");
    transcript_destroy(transcript);
}

static void the_firmware_cannot_control_the_terminal(void **state)
{
    struct scene *scene = *state;
    struct transcript *transcript = listen(scene, TRANSCRIPT_NORMAL);

    console_prints(scene, "rtt", "\x1b[2J\a\tend\n");

    assert_null(strchr(text_string(&scene->text), '\x1b'));
    assert_non_null(strstr(text_string(&scene->text), "\\x1b[2J\\x07 end\n"));
    transcript_destroy(transcript);
}

static void a_normal_transcript_does_not_ask_for_packets(void **state)
{
    struct scene *scene = *state;
    uint32_t wanted = scene->trace.wanted; /* by the checker */
    struct transcript *transcript = listen(scene, TRANSCRIPT_NORMAL);

    wanted = scene->trace.wanted & ~wanted;
    assert_false(wanted & (TRACE_KIND(USB_PACKET) | TRACE_KIND(IRQ_ENTER)));
    transcript_destroy(transcript);
}

static void long_texts_are_broken_under_their_column(void **state)
{
    struct scene *scene = *state;
    struct transcript *transcript = listen(scene, TRANSCRIPT_NORMAL);
    struct text words = {0};

    for (unsigned i = 0; i < 64; i++)
        text_printf(&words, "%s%02x", i ? " " : "", i);
    host_says(scene, HOST_REQUEST, text_string(&words));

    for (const char *line = text_string(&scene->text); *line; line += strcspn(line, "\n") + 1) {
        assert_in_range(strcspn(line, "\n"), 28, 100);
        assert_true(line == scene->text.bytes || !strncmp(line, "                           ", 27));
        assert_true(line[27] != ' ');
    }
    text_free(&words);
    transcript_destroy(transcript);
}

#define IN_A_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCENE(a_conversation_reads_from_top_to_bottom),
        IN_A_SCENE(names_need_symbols_and_addresses_do_not),
        IN_A_SCENE(a_register_that_is_there_is_named),
        IN_A_SCENE(an_unknown_semihosting_operation_is_not_called_a_register),
        IN_A_SCENE(verbose_adds_packets_transfers_and_interrupts),
        IN_A_SCENE(a_console_line_appears_when_it_ends),
        IN_A_SCENE(the_firmware_cannot_control_the_terminal),
        IN_A_SCENE(a_normal_transcript_does_not_ask_for_packets),
        IN_A_SCENE(long_texts_are_broken_under_their_column),
    };

    return cmocka_run_group_tests_name("transcript", tests, NULL, NULL);
}
