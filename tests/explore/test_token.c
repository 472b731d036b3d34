/* SPDX-License-Identifier: Apache-2.0 */
/* Replay tokens: they say everything, notice every slip, and fit one image only. */
#include "tests/explore/programs.h"

#include "sim/explore/token.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { FINGERPRINT = 0x12345678 };

static const struct plan usual = {.timeout = 10 * CYCLES_PER_SECOND};

static const struct plan plans[] = {
    {.timeout = 10 * CYCLES_PER_SECOND},
    {.timeout = 1, .machine = {.host = HOST_MACOS, .dma = CHOICE_LAZY}},
    {.timeout = UINT64_MAX, .machine = {.host = HOST_WINDOWS, .dma = CHOICE_EAGER}},
    {.timeout = 3 * CYCLES_PER_SECOND, .machine = {.dma = CHOICE_RANDOM, .seed = UINT64_MAX}},
    {.timeout = 10 * CYCLES_PER_SECOND, .machine = {.dma = CHOICE_RANDOM, .seed = 7}},
    {.timeout = 10 * CYCLES_PER_SECOND, .machine = {.ram_pattern = 0xa5, .store_buffer = 16}},
    {.timeout = 127, .machine = {.faults_continue = true, .store_buffer = 1, .seed = 128}},
    {.timeout = 10 * CYCLES_PER_SECOND,
     .machine = {.silicon = {.revision = SILICON_REV2, .errata = 1u << ERRATUM_199}}},
    {.timeout = 10 * CYCLES_PER_SECOND,
     .machine = {.silicon = {.answer = {[UNDOCUMENTED_LOST_ACK] = LOST_ACK_NOTHING}}}},
    /* The longest of all. */
    {.timeout = UINT64_MAX,
     .machine = {.dma = CHOICE_RANDOM,
                 .seed = UINT64_MAX,
                 .ram_pattern = 0xff,
                 .faults_continue = true,
                 .store_buffer = UINT32_MAX,
                 .silicon = {.revision = SILICON_ENG_A,
                             .errata = (1u << ERRATA) - 1,
                             .answer = {2, 1, 2, 2, 1, 1, 1, 1, 1, 1, 1}}}},
};

static void assert_reads_back(const struct plan *plan)
{
    char token[TOKEN_ROOM];
    struct failure failure;
    struct plan again = {.timeout = 0};
    uint32_t check;

    assert_true(token_write(token, plan, FINGERPRINT));
    assert_int_equal(token_read(&again, &check, token, &failure), STATUS_OK);
    assert_int_equal(token_check(token, check, FINGERPRINT, &failure), STATUS_OK);
    assert_true(again.timeout == plan->timeout);
    assert_true(again.machine.seed == plan->machine.seed);
    assert_int_equal(again.machine.dma, plan->machine.dma);
    assert_int_equal(again.machine.host, plan->machine.host);
    assert_int_equal(again.machine.ram_pattern, plan->machine.ram_pattern);
    assert_int_equal(again.machine.faults_continue, plan->machine.faults_continue);
    assert_int_equal(again.machine.store_buffer, plan->machine.store_buffer);
    assert_memory_equal(&again.machine.silicon, &plan->machine.silicon,
                        sizeof again.machine.silicon);
}

static void a_token_says_everything_that_decides_a_run(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++)
        assert_reads_back(&plans[i]);
}

static void reads_as(const char *token, bool expected)
{
    struct failure failure;
    struct plan plan;
    uint32_t check;
    enum status status = token_read(&plan, &check, token, &failure);

    if ((status == STATUS_OK) != expected)
        fail_msg("\"%s\" was %s", token, expected ? "refused" : "taken");
}

static void the_usual_token_is_short(void **state)
{
    char token[TOKEN_ROOM];

    (void)state;
    assert_true(token_write(token, &usual, FINGERPRINT));
    assert_true(strlen(token) <= 19);
}

static void case_and_hyphens_do_not_matter(void **state)
{
    char token[TOKEN_ROOM];
    char typed[TOKEN_ROOM];
    size_t length = 0;

    (void)state;
    assert_true(token_write(token, &plans[3], FINGERPRINT));
    for (const char *at = token; *at; at++) {
        if (*at != '-')
            typed[length++] = (char)tolower((unsigned char)*at);
    }
    typed[length] = '\0';
    reads_as(typed, true);
}

static void letters_that_look_like_digits_are_taken_for_them(void **state)
{
    char token[TOKEN_ROOM];
    unsigned replaced = 0;

    (void)state;
    assert_true(token_write(token, &usual, FINGERPRINT));
    for (char *at = token; *at; at++) {
        if (*at == '0' || *at == '1') {
            *at = *at == '0' ? 'o' : 'l';
            replaced++;
        }
    }
    assert_true(replaced > 0);
    reads_as(token, true);
}

/* Every digit replaced by every other one. */
static void one_wrong_digit_is_noticed(void **state)
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    char token[TOKEN_ROOM];

    (void)state;
    assert_true(token_write(token, &plans[5], FINGERPRINT));
    for (char *at = token; *at; at++) {
        char right = *at;

        for (const char *wrong = digits; right != '-' && *wrong; wrong++) {
            *at = *wrong;
            reads_as(token, *wrong == right);
        }
        *at = right;
    }
}

static void a_token_cut_short_or_made_longer_is_noticed(void **state)
{
    char token[TOKEN_ROOM];
    char longer[TOKEN_ROOM + 1];

    (void)state;
    assert_true(token_write(token, &plans[2], FINGERPRINT));
    (void)snprintf(longer, sizeof longer, "%s0", token);
    reads_as(longer, false);
    for (size_t length = strlen(token) - 1; length > 0; length--) {
        if (token[length] == '-')
            continue;
        token[length] = '\0';
        reads_as(token, false);
    }
}

static void what_is_no_token_is_refused_in_one_line(void **state)
{
    static const char *const words[] = {"", "-", "usb-5.elf", "4000", "\xc3\xa4", "4006 VXFW"};
    struct failure failure;
    struct plan plan;
    uint32_t check;

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        reads_as(words[i], false);
    assert_int_equal(token_read(&plan, &check, "usb-5.elf", &failure), STATUS_TOKEN_DAMAGED);
    assert_string_equal(failure.message, "usb-5.elf: not a replay token, or mistyped");
}

static void a_host_driven_by_hand_has_no_token(void **state)
{
    const struct plan plan = {.machine = {.host = HOST_MANUAL}};
    char token[TOKEN_ROOM];

    (void)state;
    assert_false(token_write(token, &plan, FINGERPRINT));
    assert_string_equal(token, "");
}

static uint64_t fingerprint_of(const char *name)
{
    struct program program;
    struct machine *machine;
    uint64_t fingerprint;

    program_open(&program, name);
    machine = program_build(&program.plan);
    fingerprint = token_fingerprint(machine);
    machine_destroy(machine);
    return fingerprint;
}

static void a_token_fits_its_image_only(void **state)
{
    uint64_t usb_5 = fingerprint_of("usb-5");
    char token[TOKEN_ROOM];
    struct failure failure;
    struct plan plan;
    uint32_t check;

    (void)state;
    assert_true(token_write(token, &usual, usb_5));
    assert_int_equal(token_read(&plan, &check, token, &failure), STATUS_OK);
    assert_int_equal(token_check(token, check, fingerprint_of("usb-5"), &failure), STATUS_OK);
    assert_int_equal(token_check(token, check, fingerprint_of("usb-4"), &failure),
                     STATUS_TOKEN_OTHER_IMAGE);
}

static uint64_t hash_of_run(const struct plan *plan)
{
    struct machine *machine = program_build(plan);
    uint64_t hash;

    (void)plan_run(plan, machine);
    hash = machine_hash(machine);
    machine_destroy(machine);
    return hash;
}

static void a_replay_ends_in_the_same_state_to_the_last_bit(void **state)
{
    static const struct machine_options timings[] = {
        {.dma = CHOICE_REALISTIC},
        {.dma = CHOICE_EAGER, .host = HOST_WINDOWS},
        {.dma = CHOICE_LAZY, .ram_pattern = 0x5a},
        {.dma = CHOICE_RANDOM, .seed = 12345, .host = HOST_MACOS, .store_buffer = 4},
    };

    (void)state;
    for (size_t i = 0; i < sizeof timings / sizeof *timings; i++) {
        struct program program;
        struct failure failure;
        char token[TOKEN_ROOM];
        uint32_t check;
        uint64_t first;

        program_open(&program, "usb-3-memcpy-after-start");
        program.plan.machine = timings[i];
        assert_true(token_write(token, &program.plan, 0));
        first = hash_of_run(&program.plan);
        program_open(&program, "usb-3-memcpy-after-start");
        assert_int_equal(token_read(&program.plan, &check, token, &failure), STATUS_OK);
        assert_true(hash_of_run(&program.plan) == first);
    }
}

static void other_timings_end_in_other_states(void **state)
{
    struct program program;
    uint64_t seed_1;

    (void)state;
    program_open(&program, "usb-3-memcpy-after-start");
    program.plan.machine.dma = CHOICE_RANDOM;
    program.plan.machine.seed = 1;
    seed_1 = hash_of_run(&program.plan);
    program.plan.machine.seed = 2;
    assert_true(hash_of_run(&program.plan) != seed_1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_says_everything_that_decides_a_run),
        cmocka_unit_test(the_usual_token_is_short),
        cmocka_unit_test(case_and_hyphens_do_not_matter),
        cmocka_unit_test(letters_that_look_like_digits_are_taken_for_them),
        cmocka_unit_test(one_wrong_digit_is_noticed),
        cmocka_unit_test(a_token_cut_short_or_made_longer_is_noticed),
        cmocka_unit_test(what_is_no_token_is_refused_in_one_line),
        cmocka_unit_test(a_host_driven_by_hand_has_no_token),
        cmocka_unit_test(a_token_fits_its_image_only),
        cmocka_unit_test(a_replay_ends_in_the_same_state_to_the_last_bit),
        cmocka_unit_test(other_timings_end_in_other_states),
    };

    return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
