/* SPDX-License-Identifier: Apache-2.0 */
/* Which silicon it is: revisions, errata, and answers, as words. */
#include "sim/periph/silicon.h"
#include "tests/cmocka.h"

static void by_default_nothing_bites(void **state)
{
    const struct silicon silicon = {0};
    const struct silicon ideal = silicon_of(SILICON_IDEAL);

    (void)state;
    assert_int_equal(silicon.revision, SILICON_IDEAL);
    assert_memory_equal(&silicon, &ideal, sizeof silicon);
    for (unsigned i = 0; i < ERRATA; i++)
        assert_false(silicon_has(&silicon, (enum erratum)i));
}

static void ficr_reads_as_start_up_code_expects(void **state)
{
    (void)state;
    assert_int_equal(silicon_variant(SILICON_ENG_A), 0x41414130); /* "AAA0" */
    assert_int_equal(silicon_errata_byte(SILICON_ENG_A), 0);
    assert_int_equal(silicon_variant(SILICON_REV1), 0x41414330); /* "AAC0" */
    assert_int_equal(silicon_errata_byte(SILICON_REV1), 2);
    assert_int_equal(silicon_variant(SILICON_REV2), 0x41414430); /* "AAD0" */
    assert_int_equal(silicon_errata_byte(SILICON_REV2), 3);
    assert_int_equal(silicon_variant(SILICON_REV3), 0x41414630); /* "AAF0" */
    assert_int_equal(silicon_errata_byte(SILICON_REV3), 5);
    assert_int_equal(silicon_variant(SILICON_IDEAL), 0x41414630);
}

static unsigned numbers(const struct silicon *silicon, unsigned found[ERRATA])
{
    unsigned count = 0;

    for (unsigned i = 0; i < ERRATA; i++) {
        if (silicon_has(silicon, (enum erratum)i))
            found[count++] = erratum_number((enum erratum)i);
    }
    return count;
}

static void each_revision_has_its_errata(void **state)
{
    const unsigned eng_a[] = {104, 154, 166, 171, 199, 200};
    const unsigned later[] = {166, 171, 187, 198, 199, 211};
    unsigned found[ERRATA];
    struct silicon silicon = silicon_of(SILICON_ENG_A);

    (void)state;
    assert_int_equal(numbers(&silicon, found), 6);
    assert_memory_equal(found, eng_a, sizeof eng_a);
    for (unsigned i = SILICON_REV1; i <= SILICON_REV3; i++) {
        silicon = silicon_of((enum silicon_revision)i);
        assert_int_equal(numbers(&silicon, found), 6);
        assert_memory_equal(found, later, sizeof later);
    }
}

static void errata_are_switched_one_by_one(void **state)
{
    struct silicon silicon = {0};

    (void)state;
    assert_true(silicon_read_revision(&silicon, "rev3"));
    assert_true(silicon_read_erratum(&silicon, "199:off"));
    assert_false(silicon_has(&silicon, ERRATUM_199));
    assert_true(silicon_has(&silicon, ERRATUM_187));
    assert_true(silicon_read_erratum(&silicon, "104:on"));
    assert_true(silicon_has(&silicon, ERRATUM_104));
}

static void answers_are_words(void **state)
{
    struct silicon silicon = {0};

    (void)state;
    assert_true(silicon_read_undocumented(&silicon, "second-start:corrupts"));
    assert_int_equal(silicon.answer[UNDOCUMENTED_SECOND_START], SECOND_START_CORRUPTS);
    assert_true(silicon_read_undocumented(&silicon, "second-start:queued"));
    assert_int_equal(silicon.answer[UNDOCUMENTED_SECOND_START], SECOND_START_QUEUED);
    assert_true(silicon_read_undocumented(&silicon, "amount:late"));
    assert_int_equal(silicon.answer[UNDOCUMENTED_AMOUNT], AMOUNT_LATE);
}

/* The numbers in silicon.h are places in silicon.def. */
static void each_number_stands_for_its_word(void **state)
{
    static const struct {
        const char *text;
        enum undocumented question;
        uint8_t answer;
    } rows[] = {
        {"second-start:lost", UNDOCUMENTED_SECOND_START, SECOND_START_LOST},
        {"size-in-dma:wrong", UNDOCUMENTED_SIZE_IN_DMA, SIZE_IN_DMA_WRONG},
        {"ep0-in-dma:waits", UNDOCUMENTED_EP0_IN_DMA, EP0_IN_DMA_WAITS},
        {"ep0-in-dma:lost", UNDOCUMENTED_EP0_IN_DMA, EP0_IN_DMA_LOST},
        {"ep0-in-dma:works", UNDOCUMENTED_EP0_IN_DMA, EP0_IN_DMA_WORKS},
        {"erratum-199:tasks", UNDOCUMENTED_ERRATUM_199, ERRATUM_199_TASKS},
        {"erratum-199:tokens", UNDOCUMENTED_ERRATUM_199, ERRATUM_199_TOKENS},
        {"odd-bytes:spoils", UNDOCUMENTED_ODD_BYTES, ODD_BYTES_SPOIL},
        {"own-resume:told", UNDOCUMENTED_OWN_RESUME, OWN_RESUME_TOLD},
        {"low-power-end:nothing", UNDOCUMENTED_LOW_POWER_END, LOW_POWER_END_NOTHING},
        {"idle-attach:told", UNDOCUMENTED_IDLE_ATTACH, IDLE_ATTACH_TOLD},
        {"usbpwrrdy:enable", UNDOCUMENTED_USBPWRRDY, USBPWRRDY_ENABLE},
        {"reset-endpoints:disabled", UNDOCUMENTED_RESET_ENDPOINTS, RESET_ENDPOINTS_DISABLED},
        {"lost-ack:nothing", UNDOCUMENTED_LOST_ACK, LOST_ACK_NOTHING},
        {"toggle-select:before", UNDOCUMENTED_TOGGLE_SELECT, TOGGLE_SELECT_BEFORE},
        {"halt-accepts:forgotten", UNDOCUMENTED_HALT_ACCEPTS, HALT_ACCEPTS_FORGOTTEN},
        {"late-packet:sent", UNDOCUMENTED_LATE_PACKET, LATE_PACKET_SENT},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct silicon silicon = {.answer = {9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9}};

        assert_true(silicon_read_undocumented(&silicon, rows[i].text));
        assert_int_equal(silicon.answer[rows[i].question], rows[i].answer);
    }
}

static void what_does_not_exist_is_refused_and_changes_nothing(void **state)
{
    static const char *const wrong[] = {"",        "199",        "199:",  "199:yes",
                                        "155:on",  ":on",        "on",    "second-start",
                                        "amount:", "amount:lat", "rev4:", "amounts:late"};
    struct silicon silicon = {0};
    const struct silicon before = silicon;

    (void)state;
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(silicon_read_revision(&silicon, wrong[i]));
        assert_false(silicon_read_erratum(&silicon, wrong[i]));
        assert_false(silicon_read_undocumented(&silicon, wrong[i]));
    }
    assert_memory_equal(&silicon, &before, sizeof silicon);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_default_nothing_bites),
        cmocka_unit_test(ficr_reads_as_start_up_code_expects),
        cmocka_unit_test(each_revision_has_its_errata),
        cmocka_unit_test(errata_are_switched_one_by_one),
        cmocka_unit_test(answers_are_words),
        cmocka_unit_test(each_number_stands_for_its_word),
        cmocka_unit_test(what_does_not_exist_is_refused_and_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
