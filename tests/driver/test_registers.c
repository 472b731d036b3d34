/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the driver writes to registers where nothing else would tell: addresses and values are
 * typed from the manual and the errata sheet, not from driver/regs.
 */
#include "tests/cmocka.h"
#include "tests/driver/bench.h"

#include <string.h>

enum { WRITES_MAX = 4096 };

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
static void record(struct writes *writes, const char *build)
{
    uint8_t data[200] = {0};
    struct bench bench;

    writes->count = 0;
    bench_open(&bench, build, "control-echo", HOST_MANUAL, CHOICE_REALISTIC);
    trace_subscribe(machine_trace(bench.machine), TRACE_KIND(MMIO_WRITE), see, writes);
    bench_reset(&bench);
    assert_int_equal(bench_write(&bench, 1, sizeof data, data), CONTROL_DONE);
    assert_int_equal(bench_read(&bench, 2, 0, sizeof data, data, NULL), CONTROL_DONE);
    bench_close(&bench);
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
        {0x4006ec00, 0x9375}, {0x4006ed14, 3},    {0x4006ec00, 0x9375}, /* 187, 211 */
        {0x4006ec00, 0x9375}, {0x4006ec14, 0xc0}, {0x4006ec00, 0x9375}, /* 171 */
        {0x40027500, 1},                                                /* ENABLE */
        {0x4006ec00, 0x9375}, {0x4006ec14, 0},    {0x4006ec00, 0x9375}, /* 171, after READY */
        {0x40027800, 0x7e3},  {0x40027804, 0x40},                       /* 166 */
    };
    const unsigned count = sizeof wanted / sizeof wanted[0];
    static struct writes writes;
    unsigned found = 0;

    (void)state;
    record(&writes, FIRMWARE_DEFAULT);
    for (unsigned i = 0; i < writes.count && found < count; i++) {
        if (!concerns_errata(writes.write[i].address) && writes.write[i].address != 0x40027500)
            continue;
        assert_int_equal(writes.write[i].address, wanted[found].address);
        assert_int_equal(writes.write[i].value, wanted[found].value);
        found++;
    }
    assert_int_equal(found, count);
}

/* Erratum 199: 0x82 at every start, 0 in the end. */
static void the_dma_latch_is_set_at_every_start_and_clear_at_the_end(void **state)
{
    static struct writes writes;
    char build[BUILD_NAME_MAX];

    (void)state;
    for (unsigned n = 0; bench_build(n, build); n++) {
        uint32_t latch = 0;
        unsigned starts = 0;

        record(&writes, build);
        for (unsigned i = 0; i < writes.count; i++) {
            if (writes.write[i].address == 0x40027c1c)
                latch = writes.write[i].value;
            if (writes.write[i].address == 0x40027004 || writes.write[i].address == 0x40027028) {
                assert_int_equal(latch, 0x82);
                starts++;
            }
        }
        assert_int_equal(starts, 8);
        assert_int_equal(latch, 0);
    }
}

/* SHORTS bit 2, EP0DATADONE_EP0STATUS, is set for the fourth of four IN packets and never else. */
static void the_status_stage_is_allowed_after_the_last_packet_only(void **state)
{
    static struct writes writes;
    uint32_t shorts = 0;
    unsigned packets = 0;

    (void)state;
    record(&writes, FIRMWARE_DEFAULT);
    for (unsigned i = 0; i < writes.count; i++) {
        if (writes.write[i].address == 0x40027200)
            shorts = writes.write[i].value;
        if (writes.write[i].address == 0x40027028)
            assert_int_equal(shorts, 0);
        if (writes.write[i].address == 0x40027004)
            assert_int_equal(shorts, ++packets == 4 ? 1 << 2 : 0);
    }
    assert_int_equal(packets, 4);
    assert_int_equal(shorts, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(power_up_works_around_the_errata_in_order),
        cmocka_unit_test(the_dma_latch_is_set_at_every_start_and_clear_at_the_end),
        cmocka_unit_test(the_status_stage_is_allowed_after_the_last_packet_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
