/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/check/world.h"

#include "sim/base/bits.h"
#include "sim/base/heap.h"

#include <string.h>

static void capture(void *owner, struct site *site)
{
    struct world *world = owner;

    site->pc = world->trace.state.pc;
    site->r[13] = world->sp;
    site->r[15] = site->pc;
    site->msp = site->r[13];
}

struct world *world_create(const struct checker_options *options)
{
    static const struct checker_options no_fences = {.fences = FENCES_OFF};
    struct world *world = heap_allocate(1, sizeof *world);

    trace_init(&world->trace, &world->now);
    world->trace.capture = capture;
    world->trace.capture_owner = world;
    world->sp = RAM_BASE + RAM_SIZE - 64;
    world->epin0 = trace_add_channel(
        &world->trace,
        (struct dma_channel_name){"USBD", "EPIN[0]", "TASKS_STARTEPIN[0]", 64, DMA_ON_CHIP});
    world->epin1 = trace_add_channel(
        &world->trace,
        (struct dma_channel_name){"USBD", "EPIN[1]", "TASKS_STARTEPIN[1]", 64, DMA_ON_CHIP});
    world->epout0 = trace_add_channel(
        &world->trace,
        (struct dma_channel_name){"USBD", "EPOUT[0]", "TASKS_STARTEPOUT[0]", 64, DMA_ON_CHIP});
    world->spim =
        trace_add_channel(&world->trace, (struct dma_channel_name){"SPIM0", "TXD", "TASKS_START",
                                                                   65535, DMA_OFF_CHIP});
    world->spim_rx =
        trace_add_channel(&world->trace, (struct dma_channel_name){"SPIM0", "RXD", "TASKS_START",
                                                                   65535, DMA_ON_CHIP});
    for (unsigned i = 0; i < RAM_SIZE; i++)
        world->ram[i] = (uint8_t)i;
    state_register(&world->state, "now", &world->now, sizeof world->now);
    state_register(&world->state, "ram", world->ram, sizeof world->ram);
    state_register(&world->state, "trace", &world->trace.state, sizeof world->trace.state);
    world->checker = checker_create(&world->trace, &world->state, options ? options : &no_fences);
    return world;
}

void world_destroy(struct world *world)
{
    checker_destroy(world->checker);
    heap_release(world);
}

int world_setup(void **state)
{
    *state = world_create(NULL);
    return 0;
}

int world_teardown(void **state)
{
    world_destroy(*state);
    return 0;
}

static uint8_t *ram_at(struct world *world, guest_addr address)
{
    return address - RAM_BASE < RAM_SIZE ? &world->ram[address - RAM_BASE] : NULL;
}

static enum dma_direction direction_of(const struct world *world, uint16_t channel)
{
    return channel == world->epout0 || channel == world->spim_rx ? DMA_WRITES_RAM : DMA_READS_RAM;
}

void passes(struct world *world, sim_time cycles)
{
    world->now += cycles;
}

static void report_window(struct world *world, enum observation_kind kind, uint32_t transfer,
                          uint16_t channel, struct byte_range window)
{
    trace_emit(&world->trace,
               (struct observation){
                   .kind = kind,
                   .dma_open = {.transfer = transfer,
                                .channel = channel,
                                .direction = direction_of(world, channel),
                                .trigger = DMA_BY_CPU,
                                .pc = world->trace.state.pc,
                                .chained = world->chained,
                                .window = window,
                                .bytes = window.size ? ram_at(world, window.start) : NULL}});
}

uint32_t starts_at(struct world *world, guest_addr pc, uint16_t channel, guest_addr buffer,
                   uint32_t size)
{
    world->trace.state.pc = pc;
    report_window(world, OBS_DMA_OPEN, ++world->trace.state.transfers, channel,
                  (struct byte_range){buffer, size});
    passes(world, 1);
    return world->trace.state.transfers;
}

uint32_t starts(struct world *world, uint16_t channel, guest_addr buffer, uint32_t size)
{
    return starts_at(world, START_PC, channel, buffer, size);
}

void starts_with_kept_ptr(struct world *world, guest_addr buffer, uint32_t size)
{
    struct obs_dma_open open = {.transfer = ++world->trace.state.transfers,
                                .channel = world->epin0,
                                .pc = START_PC,
                                .window = {buffer, size},
                                .bytes = ram_at(world, buffer),
                                .ptr_kept = true};

    world->trace.state.pc = START_PC;
    trace_emit(&world->trace, (struct observation){.kind = OBS_DMA_OPEN, .dma_open = open});
    passes(world, 1);
}

void captures(struct world *world, uint32_t transfer, guest_addr buffer, uint32_t size)
{
    report_window(world, OBS_DMA_CAPTURE, transfer, world->epin0,
                  (struct byte_range){buffer, size});
}

static void move_word(struct world *world, uint32_t transfer, guest_addr address, uint32_t size)
{
    struct observation word = {
        .kind = OBS_DMA_WORD, .dma_word = {.transfer = transfer, .address = address, .size = size}};

    memcpy(word.dma_word.bytes, ram_at(world, address), size);
    trace_emit(&world->trace, word);
}

void moves(struct world *world, uint32_t transfer, guest_addr address, uint32_t size)
{
    while (size) {
        uint32_t part = 4 - address % 4;

        part = part < size ? part : size;
        move_word(world, transfer, address, part);
        passes(world, 2);
        address += part;
        size -= part;
    }
}

static void report_close(struct world *world, enum observation_kind kind, uint32_t transfer,
                         enum dma_end how, guest_addr event)
{
    trace_emit(&world->trace,
               (struct observation){
                   .kind = kind,
                   .dma_close = {.transfer = transfer, .how = how, .pc = 0x4000, .event = event}});
    passes(world, 1);
}

void knows(struct world *world, uint32_t transfer, uint32_t bytes)
{
    trace_emit(&world->trace,
               (struct observation){.kind = OBS_DMA_KNOWN,
                                    .dma_close = {.transfer = transfer, .amount = bytes}});
}

void ends(struct world *world, uint32_t transfer)
{
    report_close(world, OBS_DMA_CLOSE, transfer, DMA_ENDED, 0);
}

void drops(struct world *world, uint32_t transfer)
{
    report_close(world, OBS_DMA_CLOSE, transfer, DMA_DROPPED, 0);
}

void observes(struct world *world, uint32_t transfer)
{
    report_close(world, OBS_DMA_OBSERVED, transfer, DMA_OBSERVED, 0x40027108);
}

void is_replaced(struct world *world, uint32_t transfer)
{
    report_close(world, OBS_DMA_OBSERVED, transfer, DMA_OBSERVED, 0);
}

void stores_as(struct world *world, enum access_actor actor, uint16_t exception, guest_addr pc,
               guest_addr address, uint32_t size, uint64_t value)
{
    uint8_t *bytes = ram_at(world, address);
    struct observation store = {.kind = OBS_CPU_STORE,
                                .access = {.pc = pc,
                                           .address = address,
                                           .size = size,
                                           .actor = actor,
                                           .exception = exception,
                                           .before = load_le(bytes, size),
                                           .after = value}};

    world->trace.state.pc = pc;
    store_le(bytes, size, value);
    trace_note_store(&world->trace, address, size);
    if (trace_watches(&world->trace, WATCH_STORES, address, size))
        trace_emit(&world->trace, store);
    passes(world, 1);
}

void stores_at(struct world *world, guest_addr pc, guest_addr address, uint32_t size,
               uint64_t value)
{
    stores_as(world, ACTOR_INSTRUCTION, 0, pc, address, size, value);
}

void stores(struct world *world, guest_addr address, uint32_t size, uint64_t value)
{
    stores_at(world, GUILTY_PC, address, size, value);
}

void loads(struct world *world, guest_addr address, uint32_t size)
{
    world->trace.state.pc = OTHER_PC;
    if (trace_watches(&world->trace, WATCH_LOADS, address, size))
        trace_emit(&world->trace, (struct observation){
                                      .kind = OBS_CPU_LOAD,
                                      .access = {.pc = OTHER_PC,
                                                 .address = address,
                                                 .size = size,
                                                 .before = load_le(ram_at(world, address), size)}});
    passes(world, 1);
}

void fences(struct world *world, enum barrier_kind kind)
{
    trace_note_barrier(&world->trace, kind);
    passes(world, 1);
}

void misuses(struct world *world, struct obs_misuse misuse)
{
    world->trace.state.pc = misuse.pc;
    trace_emit(&world->trace, (struct observation){.kind = OBS_MISUSE, .misuse = misuse});
    passes(world, 1);
}

void bus_resets(struct world *world)
{
    trace_emit(&world->trace,
               (struct observation){.kind = OBS_USB_BUS, .usb_bus = {.state = USB_RESET_BEGIN}});
}

void system_resets(struct world *world)
{
    trace_emit(&world->trace, (struct observation){.kind = OBS_RESET});
}

void assert_findings(struct world *world, unsigned count)
{
    assert_int_equal(checker_finding_count(world->checker), count);
}

const struct finding *only_finding(struct world *world)
{
    assert_findings(world, 1);
    return checker_finding(world->checker, 0);
}
