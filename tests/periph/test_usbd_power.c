/* SPDX-License-Identifier: Apache-2.0 */
/* USBD: power-up and pull-up (PS v1.7, 6.35). */
#include "tests/cmocka.h"
#include "tests/periph/usbd_bench.h"

enum {
    USBEVENT = 0x158,
    EVENTCAUSE = 0x400,
    ENABLE = 0x500,
    USBPULLUP = 0x504,
    EPINEN = 0x510,
    READY = 1 << 11,
};

static bool attached(const struct bench *bench)
{
    return wire_get(&bench->chip->wires, WIRE_USB_PULLUP);
}

static void ready_follows_enable_after_a_while(void **state)
{
    struct bench *bench = *state;

    wire_set(&bench->chip->wires, WIRE_VBUS, true);
    poke(bench, ENABLE, 1);
    pass(bench, 255);
    assert_int_equal(peek(bench, EVENTCAUSE), 0);
    pass(bench, 1);
    assert_int_equal(peek(bench, EVENTCAUSE), READY);
    assert_int_equal(peek(bench, USBEVENT), 1);
    poke(bench, EVENTCAUSE, READY);
    assert_int_equal(peek(bench, EVENTCAUSE), 0);
    assert_no_misuse(bench);
}

static void enabling_without_vbus_is_reported_and_ready_waits_for_it(void **state)
{
    struct bench *bench = *state;

    poke(bench, ENABLE, 1);
    assert_misused(bench, MISUSE_NO_VBUS, ENABLE);
    pass(bench, CYCLES_PER_MS);
    assert_int_equal(peek(bench, EVENTCAUSE), 0);
    wire_set(&bench->chip->wires, WIRE_VBUS, true);
    pass(bench, 256);
    assert_int_equal(peek(bench, EVENTCAUSE), READY);
}

static void before_ready_the_core_reads_0_and_ignores_writes(void **state)
{
    struct bench *bench = *state;

    wire_set(&bench->chip->wires, WIRE_VBUS, true);
    poke(bench, ENABLE, 1);
    assert_int_equal(peek(bench, EPINEN), 0); /* its reset value is 1 */
    assert_misused(bench, MISUSE_READ_NOT_READY, EPINEN);
    forget_misuse(bench);
    poke(bench, USBPULLUP, 1);
    assert_misused(bench, MISUSE_NOT_READY, USBPULLUP);
    pass(bench, 256);
    assert_int_equal(peek(bench, EPINEN), 1);
    assert_int_equal(peek(bench, USBPULLUP), 0);
    assert_false(attached(bench));
}

static void a_disabled_core_is_another_misuse_than_one_not_ready(void **state)
{
    struct bench *bench = *state;

    poke(bench, 0x004, 1); /* STARTEPIN[0] */
    assert_misused(bench, MISUSE_DISABLED, 0x004);
    pass(bench, CYCLES_PER_MS);
    assert_int_equal(peek(bench, 0x108), 0);
}

static void what_is_not_in_the_core_is_accessible_always(void **state)
{
    struct bench *bench = *state;

    poke(bench, 0x200, 0x1f);
    poke(bench, 0x304, 1);
    poke(bench, 0x600, 0x20000000);
    poke(bench, 0x468, 0xff);
    assert_int_equal(peek(bench, 0x200), 0x1f);
    assert_int_equal(peek(bench, 0x300), 1);
    assert_int_equal(peek(bench, 0x600), 0x20000000);
    assert_no_misuse(bench);
}

static void the_pull_up_needs_vbus(void **state)
{
    struct bench *bench = *state;

    assert_true(attached(bench));
    wire_set(&bench->chip->wires, WIRE_VBUS, false);
    assert_false(attached(bench));
    assert_int_equal(peek(bench, USBPULLUP), 1);
    wire_set(&bench->chip->wires, WIRE_VBUS, true);
    assert_true(attached(bench));
    poke(bench, USBPULLUP, 0);
    assert_false(attached(bench));
}

static void enable_reads_1_until_the_shut_down_is_finished(void **state)
{
    struct bench *bench = *state;

    poke(bench, ENABLE, 0);
    assert_false(attached(bench));
    assert_int_equal(peek(bench, ENABLE), 1);
    pass(bench, 255);
    assert_int_equal(peek(bench, ENABLE), 1);
    pass(bench, 1);
    assert_int_equal(peek(bench, ENABLE), 0);
    assert_no_misuse(bench);
}

static void disabling_resets_the_core_and_keeps_the_interrupt_mask(void **state)
{
    struct bench *bench = *state;

    poke(bench, 0x304, 1);
    poke(bench, EPINEN, 0x3);
    poke(bench, 0x600, BENCH_BUFFER);
    poke(bench, ENABLE, 0);
    pass(bench, 256);
    poke(bench, ENABLE, 1);
    pass(bench, 256);
    assert_int_equal(peek(bench, EPINEN), 1);
    assert_int_equal(peek(bench, USBPULLUP), 0);
    assert_int_equal(peek(bench, 0x300), 1);
    assert_int_equal(peek(bench, 0x600), BENCH_BUFFER);
    assert_int_equal(peek(bench, EVENTCAUSE), READY);
}

static void disabled_before_it_was_ready_the_core_never_gets_ready(void **state)
{
    struct bench *bench = *state;

    wire_set(&bench->chip->wires, WIRE_VBUS, true);
    poke(bench, ENABLE, 1);
    pass(bench, 100);
    poke(bench, ENABLE, 0);
    pass(bench, CYCLES_PER_MS);
    assert_int_equal(peek(bench, EVENTCAUSE), 0);
}

static void enabling_again_during_the_shut_down_powers_up(void **state)
{
    struct bench *bench = *state;

    poke(bench, ENABLE, 0);
    pass(bench, 10);
    poke(bench, ENABLE, 1);
    pass(bench, 256);
    assert_int_equal(peek(bench, ENABLE), 1);
    assert_int_equal(peek(bench, EVENTCAUSE), READY);
}

static void disabling_in_mid_transfer_is_reported_and_the_end_never_comes(void **state)
{
    struct bench *bench = *state;

    start_in(bench, 0, BENCH_BUFFER, 8);
    poke(bench, ENABLE, 0);
    assert_misused(bench, MISUSE_DISABLED_IN_FLIGHT, ENABLE);
    assert_int_equal(bench->chip->misuse[0].transfer, 1);
    pass(bench, CYCLES_PER_MS);
    assert_int_equal(peek(bench, 0x108), 0);
    assert_int_equal(bench->log[1].kind, OBS_DMA_CLOSE);
    assert_int_equal(bench->log[1].dma_close.how, DMA_DROPPED);
}

static void without_the_crystal_nobody_answers(void **state)
{
    struct bench *bench = *state;
    const uint8_t packet[8] = {0x80, 6, 0, 1, 0, 0, 18, 0};

    wire_set(&bench->chip->wires, WIRE_HFXO, false);
    assert_int_equal(host_setup(bench, packet), USB_ANSWER_NONE);
    assert_misused(bench, MISUSE_NO_HFXO, USBPULLUP);
    assert_int_equal(bench->chip->causes, 1); /* the crystal was stopped */
    assert_int_equal(peek(bench, 0x15c), 0);
    wire_set(&bench->chip->wires, WIRE_HFXO, true);
    assert_int_equal(host_setup(bench, packet), USB_ANSWER_ACK);
}

static void traffic_before_the_first_bus_reset_is_ignored(void **state)
{
    struct bench *bench = *state;
    const uint8_t packet[8] = {0x80, 6, 0, 1, 0, 0, 18, 0};

    assert_int_equal(host_setup(bench, packet), USB_ANSWER_NONE);
    usbd_port.sof(&bench->usbd, 5);
    assert_int_equal(peek(bench, 0x154), 0);
    assert_no_misuse(bench);
    usbd_port.reset_begin(&bench->usbd);
    assert_int_equal(peek(bench, 0x100), 1);
    assert_int_equal(host_setup(bench, packet), USB_ANSWER_ACK);
}

static void attached_again_the_device_waits_for_another_bus_reset(void **state)
{
    struct bench *bench = *state;
    const uint8_t packet[8] = {0x80, 6, 0, 1, 0, 0, 18, 0};

    poke(bench, USBPULLUP, 0);
    poke(bench, USBPULLUP, 1);
    assert_int_equal(host_setup(bench, packet), USB_ANSWER_NONE);
}

static void a_bus_reset_needs_an_attached_device(void **state)
{
    struct bench *bench = *state;

    poke(bench, USBPULLUP, 0);
    usbd_port.reset_begin(&bench->usbd);
    assert_int_equal(peek(bench, 0x100), 0);
}

static void each_frame_gives_its_number_and_an_event(void **state)
{
    struct bench *bench = *state;

    usbd_port.sof(&bench->usbd, 0x7ff);
    assert_int_equal(peek(bench, 0x520), 0x7ff);
    assert_int_equal(peek(bench, 0x154), 1);
}

static void system_reset_takes_the_device_off_the_bus(void **state)
{
    struct bench *bench = *state;

    start_in(bench, 0, BENCH_BUFFER, 8);
    usbd_reset(&bench->usbd, RESET_SOFT);
    assert_false(attached(bench));
    assert_int_equal(peek(bench, ENABLE), 0);
    assert_int_equal(scheduler_next(&bench->chip->scheduler), SIM_TIME_NEVER);
}

int main(void)
{
#define TEST(fixture, name) cmocka_unit_test_setup_teardown(name, fixture, bench_remove)
    const struct CMUnitTest tests[] = {
        TEST(bench_in_reset, ready_follows_enable_after_a_while),
        TEST(bench_in_reset, enabling_without_vbus_is_reported_and_ready_waits_for_it),
        TEST(bench_in_reset, before_ready_the_core_reads_0_and_ignores_writes),
        TEST(bench_in_reset, a_disabled_core_is_another_misuse_than_one_not_ready),
        TEST(bench_in_reset, what_is_not_in_the_core_is_accessible_always),
        TEST(bench_ready, the_pull_up_needs_vbus),
        TEST(bench_ready, enable_reads_1_until_the_shut_down_is_finished),
        TEST(bench_ready, disabling_resets_the_core_and_keeps_the_interrupt_mask),
        TEST(bench_in_reset, disabled_before_it_was_ready_the_core_never_gets_ready),
        TEST(bench_ready, enabling_again_during_the_shut_down_powers_up),
        TEST(bench_ready, disabling_in_mid_transfer_is_reported_and_the_end_never_comes),
        TEST(bench_on_bus, without_the_crystal_nobody_answers),
        TEST(bench_ready, traffic_before_the_first_bus_reset_is_ignored),
        TEST(bench_on_bus, attached_again_the_device_waits_for_another_bus_reset),
        TEST(bench_on_bus, a_bus_reset_needs_an_attached_device),
        TEST(bench_on_bus, each_frame_gives_its_number_and_an_event),
        TEST(bench_on_bus, system_reset_takes_the_device_off_the_bus),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
