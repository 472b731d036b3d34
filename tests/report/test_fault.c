/* SPDX-License-Identifier: Apache-2.0 */
/* Fault reports: what the status registers say, in words. */
#include "tests/report/scene.h"

#include "tests/report/fake_image.h"
#include "tests/report/golden.h"

#include <string.h>

static const char *report(struct scene *scene, struct obs_fault fault)
{
    struct observation seen = {.kind = OBS_FAULT, .when = scene->now, .fault = fault};
    struct site site;

    trace_site(&scene->trace, &site);
    report_fault(&scene->text, &seen, &site, &scene->options);
    return text_string(&scene->text);
}

static void an_escalated_bus_fault_is_decoded(void **state)
{
    struct scene *scene = *state;

    scene->options.image = fake_image();
    scene_cpu(scene, FAKE_ANSWER_STORE, FAKE_MAIN, NULL);

    assert_golden(
        "fault-bus",
        report(scene, (struct obs_fault){.exception = 3,
                                         .pc = FAKE_ANSWER_STORE,
                                         .cfsr = 0x8200,
                                         .hfsr = 0x40000000,
                                         .bfar = 0x20040000,
                                         .cause = "store to 0x20040000, where nothing is"}));
}

static void a_lock_up_without_symbols_is_reported(void **state)
{
    struct scene *scene = *state;

    scene_cpu(scene, 0xfffffffe, 0, NULL);

    assert_golden("fault-lock-up",
                  report(scene, (struct obs_fault){.exception = 3,
                                                   .lockup = true,
                                                   .pc = 0xfffffffe,
                                                   .cfsr = 0x02010001,
                                                   .hfsr = 0x2,
                                                   .cause = "a fault at HardFault priority"}));
}

static void every_defined_status_bit_has_its_words(void **state)
{
    const uint32_t cfsr = 0x030fbfbb; /* Armv7-M B3.2.15 */
    struct scene *scene = *state;

    for (unsigned bit = 0; bit < 32; bit++) {
        unsigned lines = 0;
        const char *words;

        text_clear(&scene->text);
        words = strstr(report(scene, (struct obs_fault){.cfsr = 1u << bit, .cause = "x"}), "CFSR");
        for (; strncmp(words, "  HFSR", 6) != 0; words = strchr(words, '\n') + 1)
            lines++;
        assert_int_equal(lines, 1 + (cfsr >> bit & 1));
    }
}

static void an_address_register_is_shown_only_when_it_is_valid(void **state)
{
    struct scene *scene = *state;
    struct obs_fault fault = {.cfsr = 0x0082, .mmfar = 0x1111, .bfar = 0x2222, .cause = "x"};

    assert_non_null(strstr(report(scene, fault), "MMFAR 0x00001111"));
    assert_null(strstr(text_string(&scene->text), "BFAR 0x"));
}

#define IN_A_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCENE(an_escalated_bus_fault_is_decoded),
        IN_A_SCENE(a_lock_up_without_symbols_is_reported),
        IN_A_SCENE(every_defined_status_bit_has_its_words),
        IN_A_SCENE(an_address_register_is_shown_only_when_it_is_valid),
    };

    return cmocka_run_group_tests_name("report of faults", tests, NULL, NULL);
}
