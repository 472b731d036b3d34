/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/debug/target_state.h"

#include "sim/base/heap.h"

#include <string.h>

/* ---- The whole ------------------------------------------------------------------------------- */

void target_destroy(struct target *target)
{
    if (!target)
        return;
    while (target->kept)
        target_release(target, target->kept);
    past_release(target);
    checker_destroy(target->checker);
    machine_destroy(target->machine);
    heap_release(target->points.breakpoints);
    heap_release(target->points.breakpoint_kinds);
    heap_release(target->points.watches);
    heap_release(target->points.watch_kinds);
    images_release(target);
    text_free(&target->console);
    text_free(&target->story);
    heap_release(target);
}

/* What `load` wrote replaces the image. Everything is as after power-on once more: only what reads
 * the flash, the reset of the CPU, has to be done again. */
static void place_loaded_flash(struct target *target)
{
    struct memory *memory = machine_memory(target->machine);
    struct cpu *cpu = machine_cpu(target->machine);

    if (!target->flash)
        return;
    memcpy(memory->flash, target->flash, FLASH_SIZE);
    memory_set_baseline(memory);
    cpu_code_changed(cpu, (struct byte_range){FLASH_BASE, FLASH_SIZE});
    if (target->unknown)
        cpu_set_rtt_address(cpu, 0);
    cpu_reset(cpu);
}

void target_restart(struct target *target)
{
    target->heed = HEED_NOTHING;
    past_forget(target);
    images_adopt(target);
    machine_power_on(target->machine);
    place_loaded_flash(target);
    checker_reset(target->checker);
    target->counts = (struct target_counts){0};
    target->shown = 0;
    target->hears_host = false;
    target->heard = 0;
    text_clear(&target->story);
    target->at_instruction = false;
    motion_rest(target);
    past_remember(target);
    motion_halt(target, &(struct hit){.halt = HALT_START});
}

/* ---- Parts ----------------------------------------------------------------------------------- */

struct machine *target_machine(struct target *target)
{
    return target->machine;
}

struct checker *target_checker(struct target *target)
{
    return target->checker;
}

const struct report_options *target_report(const struct target *target)
{
    return &target->report;
}

const char *target_path(const struct target *target)
{
    return target->images[0];
}

struct halt_report target_halted(const struct target *target)
{
    return target->halted;
}

static void take(struct text *from, struct text *to)
{
    if (from->length)
        text_append(to, from->bytes, from->length);
    text_clear(from);
}

void target_take_story(struct target *target, struct text *text)
{
    take(&target->story, text);
}

void target_take_console(struct target *target, struct text *text)
{
    take(&target->console, text);
}

/* ---- Registers ------------------------------------------------------------------------------- */

uint32_t target_register(const struct target *target, enum cpu_register reg)
{
    return cpu_get(machine_cpu(target->machine), reg);
}

void target_set_register(struct target *target, enum cpu_register reg, uint32_t value)
{
    cpu_set(machine_cpu(target->machine), reg, value);
    target_edited(target);
}

/* ---- Memory ---------------------------------------------------------------------------------- */

static bool read_byte(struct target *target, guest_addr address, uint8_t *byte)
{
    uint32_t word;

    if (memory_peek(machine_memory(target->machine), address, byte, 1))
        return true;
    if (!bus_peek(machine_bus(target->machine), address & ~3u, 4, &word))
        return false;
    *byte = (uint8_t)(word >> 8 * (address & 3));
    return true;
}

size_t target_read(struct target *target, guest_addr address, uint8_t *bytes, size_t size)
{
    size_t done = 0;

    if (size <= RAM_SIZE &&
        memory_peek(machine_memory(target->machine), address, bytes, (uint32_t)size))
        return size;
    while (done < size && read_byte(target, address + (guest_addr)done, &bytes[done]))
        done++;
    return done;
}

static bool write_memory(struct target *target, struct byte_range range, const uint8_t *bytes)
{
    struct memory *memory = machine_memory(target->machine);
    uint8_t *at = memory_at(memory, range);

    if (!at)
        return false;
    if (range_covers((struct byte_range){FLASH_BASE, FLASH_SIZE}, range))
        memory_flash_changing(memory, range);
    memcpy(at, bytes, range.size);
    cpu_code_changed(machine_cpu(target->machine), range);
    return true;
}

/* Registers are written as one access when they can be: a 32-bit register has no bytes. */
static bool write_registers(struct target *target, guest_addr address, const uint8_t *bytes,
                            size_t size)
{
    struct bus *bus = machine_bus(target->machine);
    uint32_t value;

    if (address < APB_BASE)
        return false;
    while (size) {
        unsigned width = size >= 4 && !(address & 3) ? 4 : size >= 2 && !(address & 1) ? 2 : 1;

        if (!bus_peek(bus, address & ~3u, 4, &value))
            return false;
        value = 0;
        for (unsigned i = 0; i < width; i++)
            value |= (uint32_t)bytes[i] << 8 * i;
        bus_trigger(bus, address, value);
        address += width;
        bytes += width;
        size -= width;
    }
    return true;
}

bool target_write(struct target *target, guest_addr address, const uint8_t *bytes, size_t size)
{
    struct byte_range range = {address, (uint32_t)size};

    if (!size)
        return true;
    target_edited(target);
    return write_memory(target, range, bytes) || write_registers(target, address, bytes, size);
}

/* ---- Programming ----------------------------------------------------------------------------- */

static bool is_flash(struct byte_range range)
{
    return range.size <= FLASH_SIZE &&
           range_covers((struct byte_range){FLASH_BASE, FLASH_SIZE}, range);
}

bool target_erase(struct target *target, struct byte_range range)
{
    struct memory *memory = machine_memory(target->machine);

    if (!is_flash(range))
        return false;
    memory_flash_changing(memory, range);
    memset(memory->flash + range.start, 0xff, range.size);
    cpu_code_changed(machine_cpu(target->machine), range);
    target_edited(target);
    return true;
}

bool target_program(struct target *target, guest_addr address, const uint8_t *bytes, size_t size)
{
    struct byte_range range = {address, (uint32_t)size};

    if (!size)
        return true;
    if (!is_flash(range) || !write_memory(target, range, bytes))
        return false;
    target_edited(target);
    return true;
}
