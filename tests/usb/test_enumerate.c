/* SPDX-License-Identifier: Apache-2.0 */
/* Whole enumerations of devices that behave. */
#include "sim/usb/request.h"
#include "tests/cmocka.h"
#include "tests/usb/bench.h"

#include <string.h>

#define DEVICE "12 01 00 02 00 00 00 40 20 20 17 07 00 01 00 00 00 01"
#define CONFIGURATION "09 02 12 00 01 2a 00 c0 fa 09 04 00 00 00 00 00 00 00"

static void assert_conversation(enum host_profile profile, const char *expected, unsigned resets)
{
    struct bench *bench = bench_create(profile);

    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    assert_string_equal(text_string(&bench->conversation), expected);
    assert_int_equal(bench->device.resets, resets);
    assert_int_equal(bench->device.configured, 42);
    assert_int_equal(bench->device.address, 1);
    assert_int_equal(host_device_address(bench->host), 1);
    assert_int_equal(host_configuration(bench->host), 42);
    assert_string_equal(host_reason(bench->host), "");
    bench_destroy(bench);
}

static void linux_asks_in_its_order(void **state)
{
    (void)state;
    assert_conversation(
        HOST_LINUX,
        "GET_DESCRIPTOR(Device), 64 bytes wanted -> 18 bytes: " DEVICE "\n"
        "SET_ADDRESS(1) -> ok\n"
        "GET_DESCRIPTOR(Device), 18 bytes wanted -> 18 bytes: " DEVICE "\n"
        "GET_DESCRIPTOR(Device Qualifier), 10 bytes wanted -> STALL\n"
        "GET_DESCRIPTOR(Device Qualifier), 10 bytes wanted -> STALL\n"
        "GET_DESCRIPTOR(Device Qualifier), 10 bytes wanted -> STALL\n"
        "GET_DESCRIPTOR(Configuration), 9 bytes wanted -> 9 bytes: 09 02 12 00 01 2a 00 c0 fa\n"
        "GET_DESCRIPTOR(Configuration), 18 bytes wanted -> 18 bytes: " CONFIGURATION "\n"
        "SET_CONFIGURATION(42) -> ok\n"
        "configured as 2020:0717, configuration 42\n",
        2);
}

static void the_descriptors_received_can_be_had(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);
    const uint8_t *bytes;
    size_t size;

    (void)state;
    (void)host_device_descriptor(bench->host, &size);
    assert_int_equal(size, 0);
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    bytes = host_device_descriptor(bench->host, &size);
    assert_int_equal(size, 18);
    assert_memory_equal(bytes, bench->device.device, 18);
    bench_destroy(bench);
}

static void windows_asks_in_its_order(void **state)
{
    (void)state;
    assert_conversation(
        HOST_WINDOWS,
        "GET_DESCRIPTOR(Device), 64 bytes wanted -> 18 bytes: " DEVICE "\n"
        "SET_ADDRESS(1) -> ok\n"
        "GET_DESCRIPTOR(Device), 18 bytes wanted -> 18 bytes: " DEVICE "\n"
        "GET_DESCRIPTOR(Configuration), 255 bytes wanted -> 18 bytes: " CONFIGURATION "\n"
        "GET_DESCRIPTOR(Device Qualifier), 10 bytes wanted -> STALL\n"
        "GET_DESCRIPTOR(Device), 18 bytes wanted -> 18 bytes: " DEVICE "\n"
        "GET_DESCRIPTOR(Configuration), 9 bytes wanted -> 9 bytes: 09 02 12 00 01 2a 00 c0 fa\n"
        "GET_DESCRIPTOR(Configuration), 18 bytes wanted -> 18 bytes: " CONFIGURATION "\n"
        "SET_CONFIGURATION(42) -> ok\n"
        "configured as 2020:0717, configuration 42\n",
        2);
}

static void macos_asks_in_its_order(void **state)
{
    (void)state;
    assert_conversation(
        HOST_MACOS,
        "SET_ADDRESS(1) -> ok\n"
        "GET_DESCRIPTOR(Device), 8 bytes wanted -> 8 bytes: 12 01 00 02 00 00 00 40\n"
        "GET_DESCRIPTOR(Device), 18 bytes wanted -> 18 bytes: " DEVICE "\n"
        "GET_DESCRIPTOR(Configuration), 9 bytes wanted -> 9 bytes: 09 02 12 00 01 2a 00 c0 fa\n"
        "GET_DESCRIPTOR(Configuration), 18 bytes wanted -> 18 bytes: " CONFIGURATION "\n"
        "SET_CONFIGURATION(42) -> ok\n"
        "configured as 2020:0717, configuration 42\n",
        1);
}

static void strings_are_read_after_the_languages(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);
    const char *languages;
    const char *product;

    (void)state;
    bench->device.device[15] = 2;
    fake_device_set_string(&bench->device, 2, "Fence");
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);

    languages = strstr(text_string(&bench->conversation),
                       "GET_DESCRIPTOR(String 0: languages), 255 bytes wanted -> 4 bytes: 04 03 09 "
                       "04\n");
    product = strstr(text_string(&bench->conversation),
                     "GET_DESCRIPTOR(String 2, language 0x0409), 255 bytes wanted -> 12 bytes: 0c "
                     "03 46 00 65 00 6e 00 63 00 65 00\n");
    assert_non_null(languages);
    assert_non_null(product);
    assert_true(languages < product);
    bench_destroy(bench);
}

static void a_device_that_stalls_its_strings_is_configured_nevertheless(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.device[15] = 2;
    bench->device.mischief.stalls_descriptor[USB_STRING] = true;
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    bench_destroy(bench);
}

static void a_device_qualifier_is_noted_as_odd(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.mischief.answers_qualifier = true;
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    assert_non_null(strstr(text_string(&bench->conversation), "odd: "));
    bench_destroy(bench);
}

static void a_usb_1_1_device_is_not_asked_for_its_qualifier(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.device[2] = 0x10;
    bench->device.device[3] = 0x01;
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    assert_null(strstr(text_string(&bench->conversation), "Qualifier"));
    bench_destroy(bench);
}

/* Every size of endpoint 0, under every host. */
static void small_control_endpoints_work(void **state)
{
    static const uint8_t sizes[] = {8, 16, 32, 64};

    (void)state;
    for (enum host_profile profile = HOST_LINUX; profile <= HOST_MACOS; profile++)
        for (size_t i = 0; i < sizeof sizes; i++) {
            struct bench *bench = bench_create(profile);

            bench->device.packet_max = sizes[i];
            bench->device.device[7] = sizes[i];
            bench_power_on(bench);
            assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
            bench_destroy(bench);
        }
}

/* A configuration of 300 bytes: more than the 255 Windows asks for first. */
static void a_long_configuration_is_read_whole(void **state)
{
    static const uint8_t interface[] = {9, 4, 0, 0, 0, 0xff, 0, 0, 0};

    (void)state;
    for (enum host_profile profile = HOST_LINUX; profile <= HOST_MACOS; profile++) {
        struct bench *bench = bench_create(profile);
        uint8_t *configuration = bench->device.configuration;
        size_t size;

        memcpy(configuration + 9, interface, sizeof interface);
        for (size_t at = 18; at < 300; at += 141) { /* two vendor descriptors */
            configuration[at] = 141;
            configuration[at + 1] = 0x41;
        }
        configuration[2] = 300 & 0xff;
        configuration[3] = 300 >> 8;
        bench->device.configuration_size = 300;
        bench_power_on(bench);
        assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
        assert_memory_equal(host_configuration_descriptor(bench->host, &size), configuration, 300);
        assert_int_equal(size, 300);
        bench_destroy(bench);
    }
}

static void a_device_that_naks_a_while_is_waited_for(void **state)
{
    (void)state;
    for (enum choice_policy policy = CHOICE_REALISTIC; policy <= CHOICE_RANDOM; policy++) {
        struct bench *bench = bench_create_with(HOST_LINUX, policy, 7);

        bench->device.mischief.naks_each_packet = 200;
        bench_power_on(bench);
        assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
        bench_destroy(bench);
    }
}

static void a_few_stalls_at_the_start_are_forgiven_by_linux(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.mischief.stalls_first = 2;
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    assert_null(strstr(text_string(&bench->conversation), "starting again"));
    bench_destroy(bench);
}

static void a_device_that_wakes_up_late_is_found_in_a_later_round(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.mischief.stalls_first = 3;
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    assert_non_null(strstr(text_string(&bench->conversation),
                           "starting again with a bus reset, attempt 2 of 4"));
    bench_destroy(bench);
}

static uint64_t hash_of_a_run(uint64_t seed)
{
    struct bench *bench = bench_create_with(HOST_LINUX, CHOICE_RANDOM, seed);
    uint64_t hash;

    bench_power_on(bench);
    (void)bench_run_until_settled(bench);
    hash = state_hash(&bench->state);
    bench_destroy(bench);
    return hash;
}

static void runs_of_one_seed_are_equal_and_others_differ(void **state)
{
    (void)state;
    assert_true(hash_of_a_run(1) == hash_of_a_run(1));
    assert_true(hash_of_a_run(1) != hash_of_a_run(2));
}

/* The host's state is complete: put back in the middle, it goes on as it did before. */
static void a_restored_host_goes_on_as_before(void **state)
{
    struct bench *bench = bench_create_with(HOST_LINUX, CHOICE_RANDOM, 5);
    struct snapshot *middle;
    uint64_t first;

    (void)state;
    state_register(&bench->state, "device", &bench->device, sizeof bench->device);
    bench_power_on(bench);
    bench_run(bench, 300 * CYCLES_PER_MS);
    assert_int_equal(host_outcome(bench->host), HOST_BUSY);
    middle = snapshot_take(&bench->state);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    first = state_hash(&bench->state);

    snapshot_restore(middle, &bench->state);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    assert_true(state_hash(&bench->state) == first);
    snapshot_free(middle);
    bench_destroy(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linux_asks_in_its_order),
        cmocka_unit_test(the_descriptors_received_can_be_had),
        cmocka_unit_test(windows_asks_in_its_order),
        cmocka_unit_test(macos_asks_in_its_order),
        cmocka_unit_test(strings_are_read_after_the_languages),
        cmocka_unit_test(a_device_that_stalls_its_strings_is_configured_nevertheless),
        cmocka_unit_test(a_device_qualifier_is_noted_as_odd),
        cmocka_unit_test(a_usb_1_1_device_is_not_asked_for_its_qualifier),
        cmocka_unit_test(small_control_endpoints_work),
        cmocka_unit_test(a_long_configuration_is_read_whole),
        cmocka_unit_test(a_device_that_naks_a_while_is_waited_for),
        cmocka_unit_test(a_few_stalls_at_the_start_are_forgiven_by_linux),
        cmocka_unit_test(a_device_that_wakes_up_late_is_found_in_a_later_round),
        cmocka_unit_test(runs_of_one_seed_are_equal_and_others_differ),
        cmocka_unit_test(a_restored_host_goes_on_as_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
