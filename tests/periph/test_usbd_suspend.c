/* SPDX-License-Identifier: Apache-2.0 */
/* USBD: suspend, resume, remote wake-up, detach (PS v1.7, 6.35; USB 2.0, 7.1.7.6 and 7.1.7.7). */
#include "tests/cmocka.h"
#include "tests/periph/usbd_bench.h"

#include <string.h>

enum {
    DPDMDRIVE = 0x058,
    DPDMNODRIVE = 0x05c,
    SOF = 0x154,
    USBEVENT = 0x158,
    EVENTCAUSE = 0x400,
    ENABLE = 0x500,
    USBPULLUP = 0x504,
    DPDMVALUE = 0x508,
    EPINEN = 0x510,
    LOWPOWER = 0x52c,
    SUSPEND = 1 << 8,
    RESUME = 1 << 9,
    USBWUALLOWED = 1 << 10,
    DRIVE_RESUME = 1,
    DRIVE_J = 2,
    DRIVE_K = 4,
};

static bool drives_k(const struct bench *bench)
{
    return wire_get(&bench->chip->wires, WIRE_USB_RESUME_K);
}

static void fall_asleep(struct bench *bench)
{
    usbd_port.suspend(&bench->usbd);
    pass(bench, 3 * CYCLES_PER_MS);
}

static void drive(struct bench *bench, uint32_t state)
{
    poke(bench, DPDMVALUE, state);
    poke(bench, DPDMDRIVE, 1);
    pass(bench, 0);
}

/* For so long that the device may wake the host (USB 2.0, 7.1.7.7: TWTRSM). */
static void sleep_well(struct bench *bench)
{
    fall_asleep(bench);
    pass(bench, 2 * CYCLES_PER_MS);
}

/* ---- Suspend and resume ---------------------------------------------------------------------- */

static void suspend_is_noticed_after_3_ms_of_silence(void **state)
{
    struct bench *bench = *state;

    usbd_port.suspend(&bench->usbd);
    pass(bench, 3 * CYCLES_PER_MS - 1);
    assert_int_equal(peek(bench, EVENTCAUSE), 0);
    pass(bench, 1);
    assert_int_equal(peek(bench, EVENTCAUSE), SUSPEND);
    assert_int_equal(peek(bench, USBEVENT), 1);
    usbd_port.resume(&bench->usbd);
    assert_int_equal(peek(bench, EVENTCAUSE), SUSPEND | RESUME);
}

static void a_silence_of_less_than_3_ms_is_no_suspend(void **state)
{
    struct bench *bench = *state;

    usbd_port.suspend(&bench->usbd);
    pass(bench, 2 * CYCLES_PER_MS);
    usbd_port.resume(&bench->usbd);
    pass(bench, 2 * CYCLES_PER_MS);
    assert_int_equal(peek(bench, EVENTCAUSE), 0);
}

static void a_bus_reset_ends_the_silence(void **state)
{
    struct bench *bench = *state;

    usbd_port.suspend(&bench->usbd);
    pass(bench, 2 * CYCLES_PER_MS);
    usbd_port.reset_begin(&bench->usbd);
    pass(bench, 2 * CYCLES_PER_MS);
    assert_int_equal(peek(bench, EVENTCAUSE), 0);
}

static void silence_before_the_first_bus_reset_is_no_suspend(void **state)
{
    struct bench *bench = *state;

    usbd_port.suspend(&bench->usbd);
    pass(bench, 4 * CYCLES_PER_MS);
    assert_int_equal(peek(bench, EVENTCAUSE), 0);
}

static void a_device_that_was_detached_is_not_suspended_any_more(void **state)
{
    struct bench *bench = *state;

    fall_asleep(bench);
    poke(bench, USBPULLUP, 0);
    poke(bench, USBPULLUP, 1);
    usbd_port.resume(&bench->usbd);
    assert_int_equal(peek(bench, EVENTCAUSE), SUSPEND);
}

static void a_cause_that_is_set_already_fires_no_second_event(void **state)
{
    struct bench *bench = *state;

    fall_asleep(bench);
    poke(bench, USBEVENT, 0);
    fall_asleep(bench);
    assert_int_equal(peek(bench, USBEVENT), 0);
}

static void in_low_power_the_core_is_not_accessible(void **state)
{
    struct bench *bench = *state;

    fall_asleep(bench);
    poke(bench, LOWPOWER, 1);
    assert_int_equal(peek(bench, EPINEN), 0);
    assert_misused(bench, MISUSE_READ_NOT_READY, EPINEN);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_NONE);
    poke(bench, LOWPOWER, 0);
    assert_int_equal(peek(bench, EPINEN), 1);
}

static void a_device_that_woke_itself_may_signal_resume(void **state)
{
    struct bench *bench = *state;

    sleep_well(bench);
    poke(bench, LOWPOWER, 1);
    poke(bench, EVENTCAUSE, SUSPEND);
    poke(bench, LOWPOWER, 0);
    assert_int_equal(peek(bench, EVENTCAUSE), USBWUALLOWED);
    drive(bench, DRIVE_RESUME);
    assert_true(drives_k(bench));
}

static void only_a_wake_up_from_low_power_gives_permission(void **state)
{
    struct bench *bench = *state;

    fall_asleep(bench);
    poke(bench, LOWPOWER, 0);
    assert_int_equal(peek(bench, EVENTCAUSE), SUSPEND);
}

static void only_resume_and_k_on_a_suspended_bus_wake_the_host(void **state)
{
    struct bench *bench = *state;

    poke(bench, DPDMVALUE, 4); /* K */
    poke(bench, DPDMDRIVE, 1);
    assert_false(drives_k(bench));
    fall_asleep(bench);
    poke(bench, DPDMVALUE, 2); /* J */
    poke(bench, DPDMDRIVE, 1);
    assert_false(drives_k(bench));
    poke(bench, DPDMVALUE, 4);
    poke(bench, DPDMDRIVE, 1);
    assert_true(drives_k(bench));
    poke(bench, DPDMNODRIVE, 1);
    assert_false(drives_k(bench));
}

static void remote_wake_up_waits_for_the_crystal(void **state)
{
    struct bench *bench = *state;

    fall_asleep(bench);
    poke(bench, LOWPOWER, 1);
    wire_set(&bench->chip->wires, WIRE_HFXO, false);
    poke(bench, LOWPOWER, 0);
    assert_int_equal(peek(bench, EVENTCAUSE), SUSPEND);
    wire_set(&bench->chip->wires, WIRE_HFXO, true);
    assert_int_equal(peek(bench, EVENTCAUSE), SUSPEND | USBWUALLOWED);
}

static void a_device_resumed_by_the_host_needs_no_permission(void **state)
{
    struct bench *bench = *state;

    fall_asleep(bench);
    poke(bench, LOWPOWER, 1);
    usbd_port.resume(&bench->usbd);
    poke(bench, LOWPOWER, 0);
    assert_int_equal(peek(bench, EVENTCAUSE), SUSPEND | RESUME);
}

/* Drivers that ship never write LOWPOWER = 0 then. */
static void resume_of_the_host_ends_low_power(void **state)
{
    struct bench *bench = *state;
    const uint8_t get_status[8] = {0x80, 0, 0, 0, 0, 0, 2, 0};

    fall_asleep(bench);
    poke(bench, LOWPOWER, 1);
    usbd_port.resume(&bench->usbd);
    assert_int_equal(peek(bench, EPINEN), 1);
    assert_int_equal(host_setup(bench, get_status), USB_ANSWER_ACK);
    assert_no_misuse(bench);
}

static void a_bus_reset_ends_low_power(void **state)
{
    struct bench *bench = *state;

    fall_asleep(bench);
    poke(bench, LOWPOWER, 1);
    usbd_port.reset_begin(&bench->usbd);
    assert_int_equal(peek(bench, EPINEN), 1);
}

/* ---- What the device drives ------------------------------------------------------------------ */

static void resume_is_timed_by_the_hardware(void **state)
{
    struct bench *bench = *state;

    sleep_well(bench);
    drive(bench, DRIVE_RESUME);
    pass(bench, 5 * CYCLES_PER_MS - 1);
    assert_true(drives_k(bench)); /* at least 1 ms, at most 15 ms (USB 2.0, 7.1.7.7) */
    pass(bench, 1);
    assert_false(drives_k(bench));
}

static void resume_waits_until_the_bus_was_idle_for_5_ms(void **state)
{
    struct bench *bench = *state;

    fall_asleep(bench);
    drive(bench, DRIVE_RESUME);
    pass(bench, 2 * CYCLES_PER_MS - 1);
    assert_false(drives_k(bench));
    pass(bench, 1);
    assert_true(drives_k(bench));
}

static void a_resume_that_the_host_anticipated_is_not_driven(void **state)
{
    struct bench *bench = *state;

    fall_asleep(bench);
    drive(bench, DRIVE_RESUME);
    usbd_port.resume(&bench->usbd);
    assert_int_equal(peek(bench, EVENTCAUSE), SUSPEND | RESUME);
    pass(bench, 10 * CYCLES_PER_MS);
    assert_false(drives_k(bench));
}

static void nodrive_ends_a_timed_resume_early(void **state)
{
    struct bench *bench = *state;

    sleep_well(bench);
    drive(bench, DRIVE_RESUME);
    pass(bench, CYCLES_PER_MS);
    poke(bench, DPDMNODRIVE, 1);
    assert_false(drives_k(bench));
    drive(bench, DRIVE_K);
    pass(bench, 20 * CYCLES_PER_MS);
    assert_true(drives_k(bench)); /* nothing is left of the first one's timer */
}

static void k_is_driven_until_the_firmware_ends_it(void **state)
{
    struct bench *bench = *state;

    fall_asleep(bench);
    drive(bench, DRIVE_K);
    pass(bench, 100 * CYCLES_PER_MS);
    assert_true(drives_k(bench));
    drive(bench, DRIVE_J);
    assert_false(drives_k(bench));
}

static void who_drives_k_hears_nothing(void **state)
{
    struct bench *bench = *state;
    const uint8_t get_status[8] = {0x80, 0, 0, 0, 0, 0, 2, 0};

    fall_asleep(bench);
    drive(bench, DRIVE_K);
    usbd_port.resume(&bench->usbd);
    pass(bench, 20 * CYCLES_PER_MS);
    usbd_port.sof(&bench->usbd, 1);
    assert_int_equal(peek(bench, SOF), 0);
    assert_int_equal(host_setup(bench, get_status), USB_ANSWER_NONE);
    poke(bench, DPDMNODRIVE, 1);
    usbd_port.sof(&bench->usbd, 2);
    assert_int_equal(peek(bench, SOF), 1);
    assert_int_equal(host_setup(bench, get_status), USB_ANSWER_ACK);
}

static void the_host_takes_over_while_the_device_still_drives(void **state)
{
    struct bench *bench = *state;

    sleep_well(bench);
    poke(bench, EVENTCAUSE, SUSPEND);
    drive(bench, DRIVE_RESUME);
    pass(bench, CYCLES_PER_MS);
    usbd_port.resume(&bench->usbd);
    assert_true(drives_k(bench));
    assert_int_equal(peek(bench, EVENTCAUSE), 0); /* no RESUME for one's own wake-up */
    pass(bench, 30 * CYCLES_PER_MS);
    usbd_port.sof(&bench->usbd, 1);
    assert_int_equal(peek(bench, SOF), 1);
}

static void the_next_resume_of_the_host_is_told_again(void **state)
{
    struct bench *bench = *state;

    sleep_well(bench);
    drive(bench, DRIVE_RESUME);
    usbd_port.resume(&bench->usbd);
    pass(bench, 30 * CYCLES_PER_MS);
    poke(bench, EVENTCAUSE, 0xffffffff);
    fall_asleep(bench);
    usbd_port.resume(&bench->usbd);
    assert_int_equal(peek(bench, EVENTCAUSE), SUSPEND | RESUME);
}

static void a_host_that_does_not_wake_leaves_the_bus_suspended(void **state)
{
    struct bench *bench = *state;

    sleep_well(bench);
    drive(bench, DRIVE_RESUME);
    pass(bench, 6 * CYCLES_PER_MS);
    drive(bench, DRIVE_RESUME); /* once more */
    assert_true(drives_k(bench));
}

static void a_bus_reset_ends_the_driving(void **state)
{
    struct bench *bench = *state;

    fall_asleep(bench);
    drive(bench, DRIVE_K);
    usbd_port.reset_begin(&bench->usbd);
    assert_false(drives_k(bench));
    assert_int_equal(peek(bench, 0x100), 1); /* USBRESET */
}

static void a_detach_ends_the_driving(void **state)
{
    struct bench *bench = *state;

    fall_asleep(bench);
    drive(bench, DRIVE_K);
    wire_set(&bench->chip->wires, WIRE_VBUS, false);
    assert_false(drives_k(bench));
}

/* ---- Detach and EasyDMA ---------------------------------------------------------------------- */

static void a_transfer_ends_also_when_the_bus_is_suspended_meanwhile(void **state)
{
    struct bench *bench = *state;

    memset(ram(bench, BENCH_BUFFER), 'x', 64);
    start_in(bench, 0, BENCH_BUFFER, 64);
    usbd_port.suspend(&bench->usbd);
    poke(bench, LOWPOWER, 1);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(peek(bench, 0x108), 1); /* ENDEPIN[0] */
    assert_int_equal(peek(bench, 0x608), 64);
    assert_misused(bench, MISUSE_DISABLED_IN_FLIGHT, LOWPOWER); /* it must be over before */
}

static void a_transfer_ends_also_when_the_pull_up_is_switched_off_meanwhile(void **state)
{
    struct bench *bench = *state;

    start_in(bench, 0, BENCH_BUFFER, 64);
    poke(bench, USBPULLUP, 0);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(peek(bench, 0x108), 1);
    assert_no_misuse(bench);
}

static void a_transfer_ends_also_when_the_plug_is_pulled_meanwhile(void **state)
{
    struct bench *bench = *state;

    start_in(bench, 0, BENCH_BUFFER, 64);
    wire_set(&bench->chip->wires, WIRE_VBUS, false);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(peek(bench, 0x108), 1);
    poke(bench, ENABLE, 0);
    assert_no_misuse(bench); /* it was over */
}

static void a_suspended_device_that_is_disabled_starts_afresh(void **state)
{
    struct bench *bench = *state;

    fall_asleep(bench);
    poke(bench, LOWPOWER, 1);
    poke(bench, ENABLE, 0);
    pass(bench, CYCLES_PER_MS);
    poke(bench, EVENTCAUSE, 0xffffffff);
    poke(bench, ENABLE, 1);
    pass(bench, CYCLES_PER_MS);
    assert_int_equal(peek(bench, EVENTCAUSE), 1 << 11); /* READY */
    assert_int_equal(peek(bench, LOWPOWER), 0);
    assert_int_equal(peek(bench, EPINEN), 1);
}

int main(void)
{
#define TEST(fixture, name) cmocka_unit_test_setup_teardown(name, fixture, bench_remove)
    const struct CMUnitTest tests[] = {
        TEST(bench_on_bus, suspend_is_noticed_after_3_ms_of_silence),
        TEST(bench_on_bus, a_silence_of_less_than_3_ms_is_no_suspend),
        TEST(bench_on_bus, a_bus_reset_ends_the_silence),
        TEST(bench_ready, silence_before_the_first_bus_reset_is_no_suspend),
        TEST(bench_on_bus, a_device_that_was_detached_is_not_suspended_any_more),
        TEST(bench_on_bus, a_cause_that_is_set_already_fires_no_second_event),
        TEST(bench_on_bus, in_low_power_the_core_is_not_accessible),
        TEST(bench_on_bus, a_device_that_woke_itself_may_signal_resume),
        TEST(bench_on_bus, only_a_wake_up_from_low_power_gives_permission),
        TEST(bench_on_bus, only_resume_and_k_on_a_suspended_bus_wake_the_host),
        TEST(bench_on_bus, remote_wake_up_waits_for_the_crystal),
        TEST(bench_on_bus, a_device_resumed_by_the_host_needs_no_permission),
        TEST(bench_on_bus, resume_is_timed_by_the_hardware),
        TEST(bench_on_bus, resume_waits_until_the_bus_was_idle_for_5_ms),
        TEST(bench_on_bus, a_resume_that_the_host_anticipated_is_not_driven),
        TEST(bench_on_bus, nodrive_ends_a_timed_resume_early),
        TEST(bench_on_bus, resume_of_the_host_ends_low_power),
        TEST(bench_on_bus, a_bus_reset_ends_low_power),
        TEST(bench_on_bus, k_is_driven_until_the_firmware_ends_it),
        TEST(bench_on_bus, who_drives_k_hears_nothing),
        TEST(bench_on_bus, the_host_takes_over_while_the_device_still_drives),
        TEST(bench_on_bus, the_next_resume_of_the_host_is_told_again),
        TEST(bench_on_bus, a_host_that_does_not_wake_leaves_the_bus_suspended),
        TEST(bench_on_bus, a_bus_reset_ends_the_driving),
        TEST(bench_on_bus, a_detach_ends_the_driving),
        TEST(bench_on_bus, a_transfer_ends_also_when_the_bus_is_suspended_meanwhile),
        TEST(bench_on_bus, a_transfer_ends_also_when_the_pull_up_is_switched_off_meanwhile),
        TEST(bench_on_bus, a_transfer_ends_also_when_the_plug_is_pulled_meanwhile),
        TEST(bench_on_bus, a_suspended_device_that_is_disabled_starts_afresh),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
