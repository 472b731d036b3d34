/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the driver writes to registers where nothing else would tell: addresses and values are
 * typed from the manual and the errata sheet, not from driver/regs.
 */
#include "tests/cmocka.h"
#include "tests/driver/bench.h"

enum { WRITES_MAX = 4096 };
enum { USBWUALLOWED = 1 << 10 }; /* in EVENTCAUSE */

enum {
    TASK_HFCLKSTART = 0x40000000,
    TASK_HFCLKSTOP = 0x40000004,
    HFCLKSTARTED = 0x40000100,
    TASK_STARTEPIN = 0x40027004,
    TASK_STARTEPOUT = 0x40027028,
    TASK_EP0STATUS = 0x40027050,
    EVENTS_FIRST = 0x40027100,
    EVENTS_LAST_OF_PACKETS = 0x40027150, /* behind it are SOF, USBEVENT, EP0SETUP, EPDATA */
    EVENTS_LAST = 0x40027160,
    SHORTS = 0x40027200,
    EVENTCAUSE = 0x40027400,
    EPSTATUS = 0x40027468,
    ENABLE = 0x40027500,
    USBPULLUP = 0x40027504,
    EPINEN = 0x40027510,
    EPOUTEN = 0x40027514,
    TASK_DPDMDRIVE = 0x40027058,
    DPDMVALUE = 0x40027508,
    LOWPOWER = 0x4002752c,
    DMA_LATCH = 0x40027c1c,
};

struct writes {
    unsigned count;
    struct {
        guest_addr address;
        uint32_t value;
    } write[WRITES_MAX];
};

static void see(void *owner, const struct observation *seen)
{
    struct writes *writes = owner;

    assert_true(writes->count < WRITES_MAX);
    writes->write[writes->count].address = seen->mmio.address;
    writes->write[writes->count++].value = seen->mmio.value;
}

/* Runs the echo device: its power-up, a write and a read of 200 bytes. */
static void record_on(enum silicon_revision chip, struct writes *writes, const char *build)
{
    const struct machine_options options = {.host = HOST_MANUAL, .silicon = silicon_of(chip)};
    uint8_t data[200] = {0};
    struct bench bench;

    writes->count = 0;
    bench_open_with(&bench, build, "control-echo", &options);
    trace_subscribe(machine_trace(bench.machine), TRACE_KIND(MMIO_WRITE), see, writes);
    bench_reset(&bench);
    assert_int_equal(bench_write(&bench, 1, sizeof data, data), CONTROL_DONE);
    assert_int_equal(bench_read(&bench, 2, 0, sizeof data, data, NULL), CONTROL_DONE);
    bench_close(&bench);
}

static void record(struct writes *writes, const char *build)
{
    record_on(SILICON_IDEAL, writes, build);
}

static bool concerns_errata(guest_addr address)
{
    return address >> 12 == 0x4006e || address == 0x40027800 || address == 0x40027804;
}

/* The revision is 3: 166, 171, 187 and 211 apply. */
static void power_up_works_around_the_errata_in_order(void **state)
{
    static const struct {
        guest_addr address;
        uint32_t value;
    } wanted[] = {
        {0x4006ec00, 0x9375}, {0x4006ed14, 3},      {0x4006ec00, 0x9375}, /* 187, 211 */
        {0x4006ec00, 0x9375}, {0x4006ec14, 0xc0},   {0x4006ec00, 0x9375}, /* 171 */
        {ENABLE, 1},          {0x4006ec00, 0x9375}, {0x4006ec14, 0},
        {0x4006ec00, 0x9375},                     /* 171, after READY */
        {0x40027800, 0x7e3},  {0x40027804, 0x40}, /* 166 */
    };
    const unsigned count = sizeof wanted / sizeof wanted[0];
    static struct writes writes;
    unsigned found = 0;

    (void)state;
    record(&writes, FIRMWARE_DEFAULT);
    for (unsigned i = 0; i < writes.count && found < count; i++) {
        if (!concerns_errata(writes.write[i].address) && writes.write[i].address != ENABLE)
            continue;
        assert_int_equal(writes.write[i].address, wanted[found].address);
        assert_int_equal(writes.write[i].value, wanted[found].value);
        found++;
    }
    assert_int_equal(found, count);
}

struct order {
    bool written;
    bool ordered;
};

static void see_order(void *owner, const struct observation *seen)
{
    struct order *order = owner;

    if (seen->kind == OBS_MMIO_WRITE && seen->mmio.address == 0x40027804)
        order->written = true;
    else if (seen->kind == OBS_MMIO_WRITE && order->written && !order->ordered)
        fail_msg("a register was written before the barrier");
    if (seen->kind == OBS_BARRIER && seen->barrier.kind == BARRIER_DSB)
        order->ordered = order->written;
}

/* As the errata sheet wants it: ISB, DSB. */
static void the_workaround_for_166_ends_with_a_barrier(void **state)
{
    struct order order = {0};
    struct bench bench;

    (void)state;
    bench_open(&bench, FIRMWARE_DEFAULT, "control-echo", HOST_MANUAL, CHOICE_REALISTIC);
    trace_subscribe(machine_trace(bench.machine), TRACE_KIND(MMIO_WRITE) | TRACE_KIND(BARRIER),
                    see_order, &order);
    bench_reset(&bench);
    assert_true(order.ordered);
    bench_close(&bench);
}

static bool is_start(guest_addr address)
{
    return address == TASK_STARTEPIN || address == TASK_STARTEPOUT;
}

/* Erratum 199: 0x82 at every start, 0 at every end. */
static void the_dma_latch_is_set_at_every_start_and_clear_at_every_end(void **state)
{
    static struct writes writes;
    char build[BUILD_NAME_MAX];

    (void)state;
    for (unsigned n = 0; bench_build(n, build); n++) {
        uint32_t latch = 0;
        unsigned starts = 0;

        record(&writes, build);
        for (unsigned i = 0; i < writes.count; i++) {
            if (writes.write[i].address == DMA_LATCH) {
                assert_int_equal(writes.write[i].value, latch ? 0 : 0x82);
                latch = writes.write[i].value;
            }
            if (is_start(writes.write[i].address)) {
                assert_int_equal(latch, 0x82);
                starts++;
            }
        }
        assert_int_equal(starts, 8);
        assert_int_equal(latch, 0);
    }
}

/* EP0STATUS comes once behind the write, and once behind the fourth of four IN packets; no shortcut
 * triggers it, which could happen while EasyDMA is running. */
static void the_status_stage_is_allowed_after_the_last_packet_only(void **state)
{
    static struct writes writes;
    unsigned packets = 0;
    unsigned allowed = 0;

    (void)state;
    record(&writes, FIRMWARE_DEFAULT);
    for (unsigned i = 0; i < writes.count; i++) {
        packets += writes.write[i].address == TASK_STARTEPIN;
        if (writes.write[i].address == SHORTS)
            assert_int_equal(writes.write[i].value, 0);
        if (writes.write[i].address == TASK_EP0STATUS)
            assert_int_equal(packets, allowed++ == 0 ? 0 : 4);
    }
    assert_int_equal(packets, 4);
    assert_int_equal(allowed, 2);
}

/* Erratum 154, of Engineering A alone: the task comes too late there, so the shortcut has to
 * trigger it, for the last packet only; and nothing at all behind a write. */
static void engineering_a_allows_the_status_stage_by_shortcut_behind_the_last_packet(void **state)
{
    enum { EP0DATADONE_EP0STATUS = 1 << 2 };
    static struct writes writes;
    unsigned packets = 0;
    unsigned allowed = 0;
    uint32_t shortcuts = 0;

    (void)state;
    record_on(SILICON_ENG_A, &writes, FIRMWARE_DEFAULT);
    for (unsigned i = 0; i < writes.count; i++) {
        guest_addr address = writes.write[i].address;

        assert_int_not_equal(address, TASK_EP0STATUS);
        if (address == SHORTS)
            shortcuts = writes.write[i].value;
        if (address == TASK_STARTEPIN && writes.write[i - 1].address != TASK_STARTEPIN) {
            assert_int_equal(shortcuts, ++packets % 4 ? 0 : EP0DATADONE_EP0STATUS);
            allowed += shortcuts != 0;
        }
    }
    assert_int_equal(packets, 4);
    assert_int_equal(allowed, 1);
    assert_int_equal(shortcuts, 0);
}

/* Silicon does so by itself, but reads 0 before READY. */
static void endpoint_0_alone_is_enabled_at_the_bus_reset(void **state)
{
    static struct writes writes;
    unsigned in = 0;
    unsigned out = 0;

    (void)state;
    record(&writes, FIRMWARE_DEFAULT);
    for (unsigned i = 0; i < writes.count; i++) {
        if (writes.write[i].address == EPINEN || writes.write[i].address == EPOUTEN)
            assert_int_equal(writes.write[i].value, 1);
        in += writes.write[i].address == EPINEN;
        out += writes.write[i].address == EPOUTEN;
    }
    assert_int_equal(in, 1);
    assert_int_equal(out, 1);
}

static void expect_all_clear(const struct bench *bench, guest_addr first, guest_addr last)
{
    for (guest_addr address = first; address <= last; address += 4)
        assert_int_equal(bench_register(bench, address), 0);
}

static void at_start(void *owner, const struct observation *seen)
{
    const struct bench *bench = owner;

    if (is_start(seen->mmio.address)) {
        expect_all_clear(bench, EVENTS_FIRST, EVENTS_LAST_OF_PACKETS);
        expect_all_clear(bench, EPSTATUS, EPSTATUS);
    }
}

/* An event that an older packet left behind would end the next one before its time. */
static void no_packet_leaves_an_event_behind(void **state)
{
    uint8_t data[200] = {0};
    struct bench bench;

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "control-echo", CHOICE_REALISTIC);
    trace_subscribe(machine_trace(bench.machine), TRACE_KIND(MMIO_WRITE), at_start, &bench);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(bench_write(&bench, 1, sizeof data, data), CONTROL_DONE);
        assert_int_equal(bench_read(&bench, 2, 0, sizeof data, data, NULL), CONTROL_DONE);
    }
    (void)!machine_run(bench.machine, CYCLES_PER_MS / 10);
    expect_all_clear(&bench, EVENTS_FIRST, EVENTS_LAST_OF_PACKETS);
    expect_all_clear(&bench, EPSTATUS, EPSTATUS);
    bench_close(&bench);
}

/* Switched off and on by a vendor request (tests/driver/firmware/endpoint-refusals.c). */
static void record_power_cycle_on(enum silicon_revision chip, struct writes *writes)
{
    const struct machine_options options = {.host = HOST_LINUX, .silicon = silicon_of(chip)};
    static const uint8_t cycle[8] = {0x40, 1, 0, 0, 0, 0, 0, 0};
    struct bench bench;

    bench_open_with(&bench, FIRMWARE_DEFAULT, "endpoint-refusals", &options);
    assert_int_equal(machine_run(bench.machine, CYCLES_PER_SECOND), MACHINE_STOP_HOST_DONE);
    trace_subscribe(machine_trace(bench.machine), TRACE_KIND(MMIO_WRITE), see, writes);
    assert_int_equal(machine_control(bench.machine, cycle, NULL, NULL, CYCLES_PER_SECOND / 4),
                     CONTROL_DONE);
    (void)!machine_run(bench.machine, 20 * CYCLES_PER_MS);
    bench_expect_clean(&bench);
    bench_close(&bench);
}

/* 187 and 211 are anomalies of later revisions. */
static void workarounds_are_for_the_revisions_that_have_the_anomaly(void **state)
{
    static struct writes writes;

    (void)state;
    record_on(SILICON_ENG_A, &writes, FIRMWARE_DEFAULT);
    record_power_cycle_on(SILICON_ENG_A, &writes);
    for (unsigned i = 0; i < writes.count; i++)
        assert_int_not_equal(writes.write[i].address, 0x4006ed14);
}

/* 211 wants 3 at 0x4006ed14 for as long as USBD is enabled, and no longer. */
static void power_down_undoes_what_power_up_did_in_order(void **state)
{
    static const struct {
        guest_addr address;
        uint32_t value;
    } wanted[] = {
        {USBPULLUP, 0},      {0x40027308, 0xffffffff}, {ENABLE, 0}, {0x4006ed14, 0},
        {TASK_HFCLKSTOP, 1}, {0x4006ed14, 3},          {ENABLE, 1},
    };
    static struct writes writes;
    unsigned found = 0;

    (void)state;
    record_power_cycle_on(SILICON_IDEAL, &writes);
    for (unsigned i = 0; i < writes.count && found < sizeof wanted / sizeof wanted[0]; i++)
        found += writes.write[i].address == wanted[found].address &&
                 writes.write[i].value == wanted[found].value;
    assert_int_equal(found, sizeof wanted / sizeof wanted[0]);
}

static void at_wake_up(void *owner, const struct observation *seen)
{
    enum { HFCLKSTAT = 0x4000040c, CRYSTAL_RUNS = 0x10001 };
    const struct bench *bench = owner;

    if (seen->mmio.address == LOWPOWER && seen->mmio.value == 0)
        assert_int_equal(bench_register(bench, HFCLKSTAT), CRYSTAL_RUNS);
}

/* 171, and with the crystal: without it USBD would be without clock. */
static void it_wakes_up_with_the_crystal_and_the_workaround_for_171(void **state)
{
    static const struct {
        guest_addr address;
        uint32_t value;
    } wanted[] = {
        {LOWPOWER, 1},      {TASK_HFCLKSTOP, 1}, {TASK_HFCLKSTART, 1},
        {0x4006ec14, 0xc0}, {LOWPOWER, 0},       {0x4006ec14, 0},
    };
    static struct writes writes;
    unsigned found = 0;
    struct bench bench;

    (void)state;
    bench_open(&bench, FIRMWARE_DEFAULT, "cdc-echo", HOST_LINUX, CHOICE_REALISTIC);
    assert_int_equal(machine_run(bench.machine, CYCLES_PER_SECOND), MACHINE_STOP_HOST_DONE);
    trace_subscribe(machine_trace(bench.machine), TRACE_KIND(MMIO_WRITE), see, &writes);
    trace_subscribe(machine_trace(bench.machine), TRACE_KIND(MMIO_WRITE), at_wake_up, &bench);
    host_suspend(machine_host(bench.machine));
    (void)!machine_run(bench.machine, 6 * CYCLES_PER_MS);
    host_resume(machine_host(bench.machine));
    (void)!machine_run(bench.machine, 50 * CYCLES_PER_MS);
    for (unsigned i = 0; i < writes.count && found < sizeof wanted / sizeof wanted[0]; i++)
        found += writes.write[i].address == wanted[found].address &&
                 writes.write[i].value == wanted[found].value;
    assert_int_equal(found, sizeof wanted / sizeof wanted[0]);
    bench_expect_clean(&bench);
    bench_close(&bench);
}

/* tests/driver/firmware/wakes-host.c: awake the first time, asleep the second. */
static void the_host_is_asked_to_resume_when_usbd_is_awake_and_may(void **state)
{
    static const struct {
        guest_addr address;
        uint32_t value;
    } wanted[] = {
        {LOWPOWER, 1},   {0x4006ec14, 0xc0}, {LOWPOWER, 0},       {EVENTCAUSE, USBWUALLOWED},
        {0x4006ec14, 0}, {DPDMVALUE, 1},     {TASK_DPDMDRIVE, 1},
    };
    const unsigned count = sizeof wanted / sizeof wanted[0];
    static struct writes writes;
    unsigned found = 0;
    struct bench bench;

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "wakes-host", CHOICE_REALISTIC);
    trace_subscribe(machine_trace(bench.machine), TRACE_KIND(MMIO_WRITE), see, &writes);
    for (unsigned times = 0; times < 2; times++) {
        host_suspend(machine_host(bench.machine));
        (void)!machine_run(bench.machine, 50 * CYCLES_PER_MS);
        assert_int_equal(bench_register(&bench, EVENTCAUSE) & USBWUALLOWED, 0);
    }
    for (unsigned i = 0; i < writes.count && found < 2 * count; i++)
        found += writes.write[i].address == wanted[found % count].address &&
                 writes.write[i].value == wanted[found % count].value;
    assert_int_equal(found, 2 * count);
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static uint32_t one_is_slow(void *owner, struct chooser *chooser, const struct choice *choice)
{
    const enum choice_point *slow = owner;

    (void)chooser;
    return choice->point == *slow ? choice->highest : choice->lowest;
}

static void at_connection(void *owner, const struct observation *seen)
{
    enum {
        HFCLKSTAT = 0x4000040c,
        CRYSTAL_RUNS = 0x10001,
        USBREGSTATUS = 0x40000438,
        VBUS_READY = 3
    };
    const struct bench *bench = owner;

    if (seen->mmio.address != USBPULLUP)
        return;
    assert_int_equal(bench_register(bench, HFCLKSTAT), CRYSTAL_RUNS);
    assert_int_equal(bench_register(bench, USBREGSTATUS), VBUS_READY);
}

/* Whichever of the three takes the longest. */
static void it_connects_when_core_crystal_and_regulator_are_ready(void **state)
{
    static const enum choice_point slow[] = {CHOICE_USBD_READY, CHOICE_HFXO_START,
                                             CHOICE_USBREG_READY};
    struct bench bench;

    (void)state;
    for (unsigned i = 0; i < sizeof slow / sizeof slow[0]; i++) {
        enum choice_point point = slow[i];

        bench_open(&bench, FIRMWARE_DEFAULT, "control-echo", HOST_MANUAL, CHOICE_REALISTIC);
        machine_chooser(bench.machine)->oracle = one_is_slow;
        machine_chooser(bench.machine)->oracle_owner = &point;
        trace_subscribe(machine_trace(bench.machine), TRACE_KIND(MMIO_WRITE), at_connection,
                        &bench);
        bench_reset(&bench);
        bench_expect_clean(&bench);
        bench_close(&bench);
    }
}

struct power_up {
    struct bench bench;
    unsigned connections, disconnections;
};

static void at_power_up(void *owner, const struct observation *seen)
{
    struct power_up *up = owner;

    if (seen->mmio.address == USBPULLUP && seen->mmio.value == 0)
        up->disconnections++;
    if (seen->mmio.address == USBPULLUP && seen->mmio.value == 1)
        up->connections++;
    if (seen->mmio.address == TASK_HFCLKSTART)
        expect_all_clear(&up->bench, HFCLKSTARTED, HFCLKSTARTED);
    if (seen->mmio.address == ENABLE && seen->mmio.value == 1)
        expect_all_clear(&up->bench, EVENTCAUSE, EVENTCAUSE);
}

/* Events, shortcuts and causes: each would be taken for news, or act behind the driver's back. */
static void power_up_clears_what_a_boot_loader_left(void **state)
{
    static struct power_up up;
    struct bench *bench = &up.bench;

    (void)state;
    bench_open(bench, FIRMWARE_DEFAULT, "warm-start", HOST_MANUAL, CHOICE_REALISTIC);
    trace_subscribe(machine_trace(bench->machine), TRACE_KIND(MMIO_WRITE), at_power_up, &up);
    (void)!machine_run(bench->machine, 10 * CYCLES_PER_MS);
    assert_int_equal(up.connections, 2);
    assert_int_equal(up.disconnections, 1);
    assert_int_equal(bench_register(bench, USBPULLUP), 1);
    expect_all_clear(bench, EVENTS_FIRST, EVENTS_LAST);
    expect_all_clear(bench, EVENTCAUSE, EVENTCAUSE);
    expect_all_clear(bench, SHORTS, SHORTS);
    bench_expect_clean(bench);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(power_up_works_around_the_errata_in_order),
        cmocka_unit_test(workarounds_are_for_the_revisions_that_have_the_anomaly),
        cmocka_unit_test(the_workaround_for_166_ends_with_a_barrier),
        cmocka_unit_test(the_dma_latch_is_set_at_every_start_and_clear_at_every_end),
        cmocka_unit_test(the_status_stage_is_allowed_after_the_last_packet_only),
        cmocka_unit_test(engineering_a_allows_the_status_stage_by_shortcut_behind_the_last_packet),
        cmocka_unit_test(endpoint_0_alone_is_enabled_at_the_bus_reset),
        cmocka_unit_test(no_packet_leaves_an_event_behind),
        cmocka_unit_test(power_down_undoes_what_power_up_did_in_order),
        cmocka_unit_test(it_wakes_up_with_the_crystal_and_the_workaround_for_171),
        cmocka_unit_test(the_host_is_asked_to_resume_when_usbd_is_awake_and_may),
        cmocka_unit_test(it_connects_when_core_crystal_and_regulator_are_ready),
        cmocka_unit_test(power_up_clears_what_a_boot_loader_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
