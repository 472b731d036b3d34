/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/periph/usbd_bench.h"

#include "sim/base/heap.h"
#include "tests/cmocka.h"

static void see(void *owner, const struct observation *observation)
{
    struct bench *bench = owner;

    assert_true(bench->log_count < BENCH_LOG);
    bench->log[bench->log_count++] = *observation;
}

void bites(struct bench *bench, enum erratum erratum)
{
    silicon_set_erratum(&bench->chip->fabric.silicon, erratum, true);
}

void answer(struct bench *bench, enum undocumented question, uint8_t answer)
{
    bench->chip->fabric.silicon.answer[question] = answer;
}

uint32_t peek(struct bench *bench, uint32_t offset)
{
    return chip_read(bench->chip, USBD_BASE + offset);
}

void poke(struct bench *bench, uint32_t offset, uint32_t value)
{
    chip_write(bench->chip, USBD_BASE + offset, value);
}

void pass(struct bench *bench, sim_time duration)
{
    chip_pass(bench->chip, duration);
}

uint8_t *ram(struct bench *bench, guest_addr address)
{
    return memory_at(&bench->chip->memory, (struct byte_range){address, 1});
}

static void register_state(struct chip *chip)
{
    state_register(&chip->state, "schedule", &chip->scheduler.state, sizeof chip->scheduler.state);
    state_register(&chip->state, "chooser", &chip->chooser.state, sizeof chip->chooser.state);
    state_register(&chip->state, "wires", chip->wires.level, sizeof chip->wires.level);
    state_register(&chip->state, "trace", &chip->trace.state, sizeof chip->trace.state);
    memory_register_state(&chip->memory, &chip->state);
}

int bench_in_reset(void **state)
{
    struct bench *bench = heap_allocate(1, sizeof *bench);

    bench->chip = chip_new();
    register_state(bench->chip);
    easydma_init(&bench->easydma, &bench->chip->fabric);
    bench->chip->fabric.easydma = &bench->easydma;
    usbd_init(&bench->usbd, &bench->chip->fabric, &usbd_spec);
    memory_set_baseline(&bench->chip->memory);
    trace_subscribe(&bench->chip->trace,
                    TRACE_KIND(DMA_OPEN) | TRACE_KIND(DMA_CLOSE) | TRACE_KIND(DMA_OBSERVED), see,
                    bench);
    *state = bench;
    return 0;
}

int bench_ready(void **state)
{
    struct bench *bench;

    bench_in_reset(state);
    bench = *state;
    wire_set(&bench->chip->wires, WIRE_VBUS, true);
    wire_set(&bench->chip->wires, WIRE_HFXO, true);
    poke(bench, 0x500, 1); /* ENABLE */
    pass(bench, 256);
    poke(bench, 0x400, 1 << 11); /* EVENTCAUSE.READY */
    poke(bench, 0x158, 0);       /* USBEVENT */
    poke(bench, 0xc1c, 0x82);    /* erratum 199 */
    poke(bench, 0x504, 1);       /* USBPULLUP */
    return 0;
}

int bench_on_bus(void **state)
{
    struct bench *bench;

    bench_ready(state);
    bench = *state;
    usbd_port.reset_begin(&bench->usbd);
    pass(bench, 10 * CYCLES_PER_MS);
    usbd_port.reset_end(&bench->usbd);
    poke(bench, 0x100, 0); /* USBRESET */
    return 0;
}

int bench_remove(void **state)
{
    struct bench *bench = *state;

    chip_free(bench->chip);
    heap_release(bench);
    return 0;
}

void start_in(struct bench *bench, unsigned endpoint, guest_addr ptr, uint32_t maxcnt)
{
    poke(bench, 0x600 + 0x14 * endpoint, ptr);
    poke(bench, 0x604 + 0x14 * endpoint, maxcnt);
    poke(bench, 0x004 + 4 * endpoint, 1);
}

void start_out(struct bench *bench, unsigned endpoint, guest_addr ptr, uint32_t maxcnt)
{
    poke(bench, 0x700 + 0x14 * endpoint, ptr);
    poke(bench, 0x704 + 0x14 * endpoint, maxcnt);
    poke(bench, 0x028 + 4 * endpoint, 1);
}

static uint8_t address(struct bench *bench)
{
    uint32_t value;

    assert_true(bus_peek(&bench->chip->bus, USBD_BASE + 0x470, 4, &value));
    return (uint8_t)value;
}

enum usb_answer host_setup(struct bench *bench, const uint8_t packet[8])
{
    return usbd_port.setup(&bench->usbd, address(bench), packet);
}

enum usb_answer host_in(struct bench *bench, uint8_t endpoint)
{
    bench->data = (struct usb_data){0};
    return usbd_port.in(&bench->usbd, address(bench), endpoint, &bench->data);
}

void host_ack(struct bench *bench, uint8_t endpoint)
{
    usbd_port.in_acknowledged(&bench->usbd, address(bench), endpoint);
}

enum usb_answer host_out(struct bench *bench, uint8_t endpoint, enum usb_pid pid, const char *bytes,
                         size_t size)
{
    return usbd_port.out(&bench->usbd, address(bench), endpoint, pid, (const uint8_t *)bytes, size);
}

void assert_misused(const struct bench *bench, enum misuse misuse, uint32_t offset)
{
    assert_int_equal(bench->chip->misuses, 1);
    assert_string_equal(misuse_sentence(bench->chip->misuse[0].misuse), misuse_sentence(misuse));
    assert_int_equal(bench->chip->misuse[0].address, USBD_BASE + offset);
}

void assert_no_misuse(const struct bench *bench)
{
    if (bench->chip->misuses)
        assert_string_equal(misuse_sentence(bench->chip->misuse[0].misuse), "");
}

void forget_misuse(struct bench *bench)
{
    bench->chip->misuses = 0;
}
