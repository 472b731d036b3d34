/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/report/scene.h"

#include "sim/base/bits.h"
#include "sim/base/heap.h"
#include "tests/report/fake_image.h"

#include <stdio.h>
#include <string.h>

static void capture(void *owner, struct site *site)
{
    struct scene *scene = owner;
    sim_time when = site->when;

    memcpy(site, &scene->cpu, sizeof *site);
    site->when = when;
}

static void register_name(void *owner, guest_addr address, char *name, size_t room)
{
    (void)owner;
    if (address == 0x40027108)
        (void)snprintf(name, room, "USBD.EVENTS_ENDEPIN[0]");
    else if (address == 0x40027004)
        (void)snprintf(name, room, "USBD.TASKS_STARTEPIN[0]");
    else
        (void)snprintf(name, room, "0x%08x", address);
}

struct scene *scene_create(void)
{
    struct scene *scene = heap_allocate(1, sizeof *scene);

    trace_init(&scene->trace, &scene->now);
    scene->trace.capture = capture;
    scene->trace.capture_owner = scene;
    scene->trace.register_name = register_name;
    scene->epin0 = trace_add_channel(
        &scene->trace,
        (struct dma_channel_name){"USBD", "EPIN[0]", "TASKS_STARTEPIN[0]", 64, DMA_ON_CHIP});
    scene->txd =
        trace_add_channel(&scene->trace, (struct dma_channel_name){"SPIM0", "TXD", "TASKS_START",
                                                                   65535, DMA_OFF_CHIP});
    scene->epout1 = trace_add_channel(
        &scene->trace,
        (struct dma_channel_name){"USBD", "EPOUT[1]", "TASKS_STARTEPOUT[1]", 64, DMA_ON_CHIP});
    scene->checker = checker_create(&scene->trace, &scene->state, NULL);
    scene->options = (struct report_options){.trace = &scene->trace};
    scene->now = 102 * CYCLES_PER_MS + 26450;
    return scene;
}

void scene_destroy(struct scene *scene)
{
    checker_destroy(scene->checker);
    text_free(&scene->text);
    heap_release(scene);
}

int scene_setup(void **state)
{
    *state = scene_create();
    return 0;
}

int scene_teardown(void **state)
{
    scene_destroy(*state);
    return 0;
}

void scene_cpu(struct scene *scene, guest_addr pc, guest_addr lr, const uint32_t *stacked)
{
    memset(&scene->cpu, 0, sizeof scene->cpu);
    scene->cpu.pc = pc;
    scene->cpu.r[13] = SCENE_STACK;
    scene->cpu.r[14] = lr;
    scene->cpu.r[15] = pc;
    scene->cpu.msp = SCENE_STACK;
    scene->cpu.stack[0].base = SCENE_STACK;
    scene->cpu.stack[0].size = 64;
    for (unsigned i = 0; i < 8 && stacked && stacked[i]; i++)
        store_le32(&scene->cpu.stack[0].bytes[4 * i], stacked[i]);
    scene->trace.state.pc = pc;
}

void scene_emit(struct scene *scene, struct observation observation)
{
    trace_emit(&scene->trace, observation);
}

static enum dma_direction direction_of(const struct scene *scene, uint16_t channel)
{
    return channel == scene->epout1 ? DMA_WRITES_RAM : DMA_READS_RAM;
}

void scene_start(struct scene *scene, uint16_t channel, uint32_t size)
{
    struct obs_dma_open open = {.transfer = ++scene->trace.state.transfers,
                                .channel = channel,
                                .direction = direction_of(scene, channel),
                                .pc = scene->cpu.pc,
                                .window = {FAKE_BUFFER, size},
                                .bytes = scene->buffer};

    scene->direction = open.direction;
    scene_emit(scene, (struct observation){.kind = OBS_DMA_OPEN, .dma_open = open});
    scene->now += 8;
    scene_emit(scene, (struct observation){.kind = OBS_DMA_CAPTURE, .dma_open = open});
}

void scene_move(struct scene *scene, uint32_t offset, uint32_t size)
{
    for (uint32_t end = offset + size; offset < end; offset += 4) {
        struct obs_dma_word word = {.transfer = scene->trace.state.transfers,
                                    .direction = scene->direction,
                                    .address = FAKE_BUFFER + offset,
                                    .size = end - offset < 4 ? end - offset : 4};

        for (uint32_t i = 0; i < word.size && scene->direction == DMA_WRITES_RAM; i++)
            scene->buffer[offset + i] = (uint8_t)(0xa0 + offset + i);
        memcpy(word.bytes, &scene->buffer[offset], word.size);
        scene->now += 16;
        scene_emit(scene, (struct observation){.kind = OBS_DMA_WORD, .dma_word = word});
    }
}

void scene_store(struct scene *scene, uint32_t offset, uint32_t size, uint8_t value)
{
    struct obs_access access = {.pc = scene->cpu.pc,
                                .address = FAKE_BUFFER + offset,
                                .size = size,
                                .before = load_le(&scene->buffer[offset], size)};

    for (uint32_t i = 0; i < size; i++)
        scene->buffer[offset + i] = (uint8_t)(value + i);
    access.after = load_le(&scene->buffer[offset], size);
    scene->now += 6;
    scene_emit(scene, (struct observation){.kind = OBS_CPU_STORE, .access = access});
}

void scene_load(struct scene *scene, uint32_t offset, uint32_t size)
{
    struct obs_access access = {.pc = scene->cpu.pc,
                                .address = FAKE_BUFFER + offset,
                                .size = size,
                                .before = load_le(&scene->buffer[offset], size)};

    scene->now += 6;
    scene_emit(scene, (struct observation){.kind = OBS_CPU_LOAD, .access = access});
}

static void close_transfer(struct scene *scene, enum observation_kind kind, enum dma_end how)
{
    scene->now += 20;
    scene_emit(scene, (struct observation){.kind = kind,
                                           .dma_close = {.transfer = scene->trace.state.transfers,
                                                         .how = how,
                                                         .pc = 0x1110,
                                                         .event = 0x40027108}});
}

void scene_end(struct scene *scene)
{
    close_transfer(scene, OBS_DMA_CLOSE, DMA_ENDED);
}

void scene_observe(struct scene *scene)
{
    close_transfer(scene, OBS_DMA_OBSERVED, DMA_OBSERVED);
}

void scene_memcpy_after_start(struct scene *scene)
{
    static const uint32_t callers[] = {FAKE_FLASH_WORD, 0};

    scene_cpu(scene, FAKE_ANSWER_START, FAKE_MAIN, NULL);
    scene_start(scene, scene->epin0, 18);
    scene_move(scene, 0, 8);
    scene_cpu(scene, FAKE_MEMCPY + 4, FAKE_ANSWER_STORE, callers);
    for (uint32_t offset = 0; offset < 16; offset += 4)
        scene_store(scene, offset, 4, (uint8_t)(0x10 + offset));
    scene->cpu.pc = FAKE_MEMCPY + 0x20;
    scene_store(scene, 16, 2, 0);
    scene_move(scene, 8, 10);
    scene_end(scene);
    scene_observe(scene);
}
