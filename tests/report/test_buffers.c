/* SPDX-License-Identifier: Apache-2.0 */
/* Findings about buffers: what each is a part of, which bytes nobody wrote, and witnesses. */
#include "tests/report/scene.h"

#include "tests/report/fake_image.h"

#include <string.h>

static struct finding finding;

/* A finding about 18 bytes at `buffer`, which `answer` had started; `about` is a part of memory. */
static void is_found(struct scene *scene, enum rule_id rule, guest_addr buffer,
                     struct byte_range about)
{
    scene_cpu(scene, FAKE_ANSWER_START, FAKE_MAIN, NULL);
    memset(&finding, 0, sizeof finding);
    finding.rule = (uint32_t)rule;
    finding.kind = FINDING_EVENT;
    finding.occurrences = 1;
    finding.touched_low = UINT32_MAX;
    finding.about = about;
    finding.transfer.number = 1;
    finding.transfer.channel = scene->epin0;
    finding.transfer.window = (struct byte_range){buffer, 18};
    finding.transfer.start = scene->cpu;
    finding.site = scene->cpu;
}

static void assert_tells(struct scene *scene, const char *words)
{
    report_finding(&scene->text, &finding, &scene->options);
    if (!strstr(text_string(&scene->text), words))
        fail_msg("\"%s\" is not in:\n%s", words, text_string(&scene->text));
}

static void assert_does_not_tell(struct scene *scene, const char *words)
{
    report_finding(&scene->text, &finding, &scene->options);
    if (strstr(text_string(&scene->text), words))
        fail_msg("\"%s\" is in:\n%s", words, text_string(&scene->text));
}

static int with_symbols(void **state)
{
    (void)scene_setup(state);
    ((struct scene *)*state)->options.image = fake_image();
    return 0;
}

static void an_object_that_is_too_small_is_named(void **state)
{
    is_found(*state, RULE_BUF002, FAKE_BUFFER + 50, (struct byte_range){FAKE_BUFFER, 64});
    assert_tells(*state,
                 "\nObject    buffer, 64 bytes at 0x20000100; EasyDMA goes 4 bytes past its "
                 "end\n");
}

static void a_member_that_is_too_small_is_named(void **state)
{
    is_found(*state, RULE_BUF002, FAKE_BUFFER + FAKE_TAIL,
             (struct byte_range){FAKE_BUFFER + FAKE_TAIL, 10});
    assert_tells(*state,
                 "\nObject    buffer.tail, 10 bytes at 0x20000128; EasyDMA goes 8 bytes past "
                 "its end\n");
}

static void a_local_variable_is_named_with_its_function(void **state)
{
    is_found(*state, RULE_BUF002, SCENE_STACK + FAKE_LOCAL,
             (struct byte_range){SCENE_STACK + FAKE_LOCAL, 16});
    assert_tells(*state, "\nBuffer    reply+0, a local variable of answer, 18 bytes at 0x2003ff10");
    assert_tells(*state, "\nObject    reply, 16 bytes at 0x2003ff10; EasyDMA goes 2 bytes past its "
                         "end\n");
}

static void without_symbols_an_object_has_a_place_and_a_size(void **state)
{
    is_found(*state, RULE_BUF002, 0x20000400, (struct byte_range){0x20000400, 17});
    assert_tells(*state, "\nObject    17 bytes at 0x20000400; EasyDMA goes 1 byte past its end\n");
}

static void the_function_whose_frame_held_the_buffer_is_named(void **state)
{
    is_found(*state, RULE_BUF003, SCENE_STACK + 4, (struct byte_range){SCENE_STACK, FAKE_FRAME});
    assert_tells(*state, "\nFrame     of answer; what is below 0x2003ff20 was popped\n");
}

/* `main` has no symbol in this image. */
static void a_frame_of_an_unknown_function_is_told_by_its_end(void **state)
{
    is_found(*state, RULE_BUF003, SCENE_STACK + FAKE_FRAME + 4,
             (struct byte_range){SCENE_STACK, 128});
    assert_tells(*state, "\nFrame     what is below 0x2003ff80 was popped\n");
}

static void a_heap_block_is_told_with_the_place_of_the_buffer_in_it(void **state)
{
    is_found(*state, RULE_BUF004, 0x20002010, (struct byte_range){0x20002000, 64});
    assert_tells(*state, "\nBlock     64 bytes at 0x20002000, the buffer at +16\n");
}

static void a_heap_block_of_unknown_size_is_told_by_its_address(void **state)
{
    is_found(*state, RULE_BUF004, 0x20002000, (struct byte_range){0x20002000, 0});
    assert_tells(*state, "\nBlock     at 0x20002000, of unknown size\n");
}

static void other_rules_have_nothing_to_say_about_it(void **state)
{
    is_found(*state, RULE_BUF006, FAKE_BUFFER, (struct byte_range){0, 0});
    assert_does_not_tell(*state, "\nObject");
}

static void bytes_nobody_wrote_are_called_so(void **state)
{
    is_found(*state, RULE_BUF005, FAKE_BUFFER, (struct byte_range){FAKE_BUFFER + 4, 3});
    finding.touched_low = 4;
    finding.touched_high = 6;
    assert_tells(*state, "0x20000100, never initialised from +4 to +6\n");
}

/* ---- Witnesses ------------------------------------------------------------------------------- */

static struct report_witness witness;

static void is_witnessed(struct scene *scene, const char *eager, const char *lazy)
{
    is_found(scene, RULE_DMA001, FAKE_BUFFER, (struct byte_range){0, 0});
    witness = (struct report_witness){.finding = &finding,
                                      .packet = {{.timing = "eager",
                                                  .replay = "fencepost replay EAGER usb-3.elf",
                                                  .endpoint = 1,
                                                  .size = (uint32_t)strlen(eager),
                                                  .bytes = (const uint8_t *)eager},
                                                 {.timing = "lazy",
                                                  .endpoint = 1,
                                                  .size = (uint32_t)strlen(lazy),
                                                  .bytes = (const uint8_t *)lazy}}};
    scene->options.witnesses = &witness;
    scene->options.witness_count = 1;
}

static void both_packets_are_shown_where_they_differ(void **state)
{
    is_witnessed(*state, "0123456789abcdefABCD", "0123456789abcdefABxD");
    assert_tells(*state, "\nWitness: endpoint 1 sends this when EasyDMA is fast, and that when it "
                         "is slow\n"
                         "    eager          +16   41 42 43 44\n"
                         "    lazy           +16   41 42 78 44\n"
                         "                               ^^\n"
                         "    eager          fencepost replay EAGER usb-3.elf\n"
                         "\n");
}

static void a_packet_that_is_shorter_ends_in_dots(void **state)
{
    is_witnessed(*state, "AB", "ABC");
    assert_tells(*state, "    eager          +0    41 42 ..\n"
                         "    lazy           +0    41 42 43\n"
                         "                               ^^\n");
}

static void a_witness_of_another_finding_is_not_shown(void **state)
{
    is_witnessed(*state, "A", "B");
    witness.finding = NULL;
    assert_does_not_tell(*state, "Witness");
}

#define WITH_SYMBOLS(test) cmocka_unit_test_setup_teardown(test, with_symbols, scene_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SYMBOLS(an_object_that_is_too_small_is_named),
        WITH_SYMBOLS(a_member_that_is_too_small_is_named),
        WITH_SYMBOLS(a_local_variable_is_named_with_its_function),
        cmocka_unit_test_setup_teardown(without_symbols_an_object_has_a_place_and_a_size,
                                        scene_setup, scene_teardown),
        WITH_SYMBOLS(the_function_whose_frame_held_the_buffer_is_named),
        WITH_SYMBOLS(a_frame_of_an_unknown_function_is_told_by_its_end),
        WITH_SYMBOLS(a_heap_block_is_told_with_the_place_of_the_buffer_in_it),
        WITH_SYMBOLS(a_heap_block_of_unknown_size_is_told_by_its_address),
        WITH_SYMBOLS(other_rules_have_nothing_to_say_about_it),
        WITH_SYMBOLS(bytes_nobody_wrote_are_called_so),
        WITH_SYMBOLS(both_packets_are_shown_where_they_differ),
        WITH_SYMBOLS(a_packet_that_is_shorter_ends_in_dots),
        WITH_SYMBOLS(a_witness_of_another_finding_is_not_shown),
    };

    return cmocka_run_group_tests_name("buffers", tests, NULL, NULL);
}
