/* SPDX-License-Identifier: Apache-2.0 */
/* Power, attach, reset, frames, suspend: what the device sees, and when. */
#include "tests/cmocka.h"
#include "tests/usb/bench.h"

static const uint8_t get_device[8] = {0x80, 6, 0, 1, 0, 0, 18, 0};

/* The n-th bus event is `state`; returns when it was. */
static sim_time bus_event(const struct bench *bench, unsigned n, enum usb_bus_state state)
{
    assert_true(n < bench->bus_events);
    assert_int_equal(bench->bus[n].state, state);
    return bench->bus[n].when;
}

static void vbus_is_on_at_power_on(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    assert_false(wire_get(&bench->wires, WIRE_VBUS));
    host_power_on(bench->host);
    assert_true(wire_get(&bench->wires, WIRE_VBUS));
    bench_destroy(bench);
}

static void the_first_reset_comes_100_ms_after_attach(void **state)
{
    (void)state;
    for (enum host_profile profile = HOST_LINUX; profile <= HOST_MACOS; profile++) {
        struct bench *bench = bench_create(profile);
        sim_time attached;
        sim_time begin;
        sim_time end;

        bench_power_on(bench);
        (void)bench_run_until_settled(bench);
        attached = bus_event(bench, 0, USB_ATTACHED);
        begin = bus_event(bench, 1, USB_RESET_BEGIN);
        end = bus_event(bench, 2, USB_RESET_END);
        assert_true(attached == 5 * CYCLES_PER_MS);
        assert_true(begin - attached >= 100 * CYCLES_PER_MS);
        assert_true(end - begin >= 10 * CYCLES_PER_MS);
        assert_true(bench->packet[0].when - end >= 10 * CYCLES_PER_MS);
        bench_destroy(bench);
    }
}

/* Seen from SET_ADDRESS's last packet to the next SETUP: at least 2 ms (9.2.6.3). */
static void a_new_address_is_given_2_ms(void **state)
{
    (void)state;
    for (enum host_profile profile = HOST_LINUX; profile <= HOST_MACOS; profile++) {
        struct bench *bench = bench_create_with(profile, CHOICE_EAGER, 1);
        unsigned first = 0;

        bench_power_on(bench);
        (void)bench_run_until_settled(bench);
        while (bench->packet[first].packet.address == 0)
            first++;
        assert_true(bench->packet[first].when - bench->packet[first - 1].when >= 2 * CYCLES_PER_MS);
        bench_destroy(bench);
    }
}

static void a_bouncing_contact_starts_the_debounce_again(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench_power_on(bench);
    bench_run(bench, 60 * CYCLES_PER_MS);
    fake_device_attach(&bench->device, false);
    fake_device_attach(&bench->device, true);
    bench_run(bench, 99 * CYCLES_PER_MS);
    assert_int_equal(bench->device.resets, 0);
    bench_run(bench, 2 * CYCLES_PER_MS);
    assert_int_equal(bench->device.resets, 1);
    bench_destroy(bench);
}

static void a_device_attached_before_power_on_is_found(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    fake_device_attach(&bench->device, true);
    host_power_on(bench->host);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    bench_destroy(bench);
}

static void a_configured_device_that_comes_back_is_enumerated_again(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    fake_device_attach(&bench->device, false);
    assert_int_equal(host_outcome(bench->host), HOST_BUSY);
    assert_int_equal(host_device_address(bench->host), 0);
    bench_run(bench, 100 * CYCLES_PER_MS);
    assert_int_equal(host_outcome(bench->host), HOST_BUSY);
    fake_device_attach(&bench->device, true);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    assert_int_equal(host_configuration(bench->host), 42);
    bench_destroy(bench);
}

static void detach_stops_the_frames(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);
    unsigned frames;

    (void)state;
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    fake_device_attach(&bench->device, false);
    frames = bench->device.frames;
    bench_run(bench, 50 * CYCLES_PER_MS);
    assert_int_equal(bench->device.frames, frames);
    bench_destroy(bench);
}

static void a_manual_host_waits_for_orders(void **state)
{
    struct bench *bench = bench_create(HOST_MANUAL);

    (void)state;
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_IDLE);
    bench_run(bench, 10 * CYCLES_PER_SECOND);
    assert_int_equal(bench->device.resets, 0);
    assert_int_equal(host_outcome(bench->host), HOST_IDLE);
    bench_destroy(bench);
}

static void a_manual_reset_asked_for_early_is_done_after_attach(void **state)
{
    struct bench *bench = bench_create(HOST_MANUAL);

    (void)state;
    host_power_on(bench->host);
    host_bus_reset(bench->host);
    fake_device_attach(&bench->device, true);
    assert_int_equal(bench_run_until_settled(bench), HOST_IDLE);
    assert_int_equal(bench->device.resets, 1);
    assert_int_equal(bench_control(bench, get_device, NULL), TRANSFER_DONE);
    bench_destroy(bench);
}

static void transfers_by_hand_work_after_enumeration(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);
    const uint8_t unconfigure[8] = {0x00, 9, 0, 0, 0, 0, 0, 0};

    (void)state;
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    assert_int_equal(bench_control(bench, unconfigure, NULL), TRANSFER_DONE);
    assert_int_equal(bench->device.configured, 0);
    assert_int_equal(host_configuration(bench->host), 0);
    bench_destroy(bench);
}

static void a_bus_reset_after_enumeration_takes_the_address_away(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    host_bus_reset(bench->host);
    assert_int_equal(host_outcome(bench->host), HOST_BUSY);
    assert_int_equal(bench_run_until_settled(bench), HOST_IDLE);
    assert_int_equal(host_device_address(bench->host), 0);
    assert_int_equal(host_configuration(bench->host), 0);
    assert_int_equal(bench_control(bench, get_device, NULL), TRANSFER_DONE);
    bench_destroy(bench);
}

static void a_bus_reset_ends_a_transfer(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    bench->device.mischief.nak_for_ever = true;
    host_control(bench->host, get_device, NULL);
    bench_run(bench, 3 * CYCLES_PER_MS);
    assert_int_equal(host_transfer(bench->host), TRANSFER_BUSY);
    host_bus_reset(bench->host);
    assert_int_equal(host_transfer(bench->host), TRANSFER_SILENT);
    assert_int_equal(bench_run_until_settled(bench), HOST_IDLE);
    bench_destroy(bench);
}

static void no_frames_while_suspended(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);
    unsigned frames;

    (void)state;
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    host_suspend(bench->host);
    assert_true(bench->device.suspended);
    frames = bench->device.frames;
    bench_run(bench, 100 * CYCLES_PER_MS);
    assert_int_equal(bench->device.frames, frames);

    host_resume(bench->host);
    assert_false(bench->device.suspended);
    assert_int_equal(bench_run_until_settled(bench), HOST_IDLE);
    assert_true(bench->device.frames > frames);
    assert_int_equal(host_device_address(bench->host), 1);
    assert_int_equal(bench_control(bench, get_device, NULL), TRANSFER_DONE);
    bench_destroy(bench);
}

static void power_on_again_starts_from_the_beginning(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench_power_on(bench);
    bench_run(bench, 300 * CYCLES_PER_MS);
    assert_int_equal(host_outcome(bench->host), HOST_BUSY);
    host_power_on(bench->host);
    assert_int_equal(host_device_address(bench->host), 0);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    bench_destroy(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vbus_is_on_at_power_on),
        cmocka_unit_test(the_first_reset_comes_100_ms_after_attach),
        cmocka_unit_test(a_new_address_is_given_2_ms),
        cmocka_unit_test(a_bouncing_contact_starts_the_debounce_again),
        cmocka_unit_test(a_device_attached_before_power_on_is_found),
        cmocka_unit_test(a_configured_device_that_comes_back_is_enumerated_again),
        cmocka_unit_test(detach_stops_the_frames),
        cmocka_unit_test(a_manual_host_waits_for_orders),
        cmocka_unit_test(a_manual_reset_asked_for_early_is_done_after_attach),
        cmocka_unit_test(transfers_by_hand_work_after_enumeration),
        cmocka_unit_test(a_bus_reset_after_enumeration_takes_the_address_away),
        cmocka_unit_test(a_bus_reset_ends_a_transfer),
        cmocka_unit_test(no_frames_while_suspended),
        cmocka_unit_test(power_on_again_starts_from_the_beginning),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
