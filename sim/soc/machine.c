/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/bits.h"
#include "sim/base/file.h"
#include "sim/base/hash.h"
#include "sim/base/heap.h"
#include "sim/image/references.h"
#include "sim/periph/place.h"
#include "sim/soc/machine_parts.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* ---- Building -------------------------------------------------------------------------------- */

static void register_state(struct machine *machine)
{
    struct state *state = &machine->state;

    state_register(state, "schedule", &machine->scheduler.state, sizeof machine->scheduler.state);
    state_register(state, "choices", &machine->chooser.state, sizeof machine->chooser.state);
    state_register(state, "wires", machine->wires.level, sizeof machine->wires.level);
    state_register(state, "trace", &machine->trace.state, sizeof machine->trace.state);
    state_register(state, "system off", &machine->off, sizeof machine->off);
    state_register(state, "bus", &machine->bus.reported, sizeof machine->bus.reported);
    memory_register_state(&machine->memory, state);
}

static enum status create_cpu(struct machine *machine, struct failure *failure)
{
    const struct cpu_config config = {.memory = &machine->memory,
                                      .bus = &machine->bus,
                                      .scheduler = &machine->scheduler,
                                      .wires = &machine->wires,
                                      .chooser = &machine->chooser,
                                      .trace = &machine->trace,
                                      .state = &machine->state,
                                      .flash_write = nrf52840_flash_write,
                                      .flash_owner = machine->chip};

    return cpu_create(&machine->cpu, &config, failure);
}

static void create_chip(struct machine *machine)
{
    const struct nrf52840_parts parts = {.scheduler = &machine->scheduler,
                                         .chooser = &machine->chooser,
                                         .wires = &machine->wires,
                                         .trace = &machine->trace,
                                         .memory = &machine->memory,
                                         .bus = &machine->bus,
                                         .state = &machine->state,
                                         .silicon = machine->options.silicon,
                                         .seed = machine->options.seed,
                                         .board = &machine->board};

    machine->chip = nrf52840_create(&parts);
}

static void count_reference(void *owner, guest_addr at, guest_addr address)
{
    unsigned *count = owner;

    (void)at, (void)address;
    ++*count;
}

static bool knows_usb(const void *owner)
{
    static const struct byte_range usbd = {BASE_USBD, 0x1000};
    const struct machine *machine = owner;
    unsigned count = 0;

    for (unsigned i = 0; i < machine->images; i++)
        image_references(machine->image[i], usbd, count_reference, &count);
    return count != 0;
}

static void create_host(struct machine *machine)
{
    const struct host_config config = {.scheduler = &machine->scheduler,
                                       .chooser = &machine->chooser,
                                       .wires = &machine->wires,
                                       .trace = &machine->trace,
                                       .state = &machine->state,
                                       .port = nrf52840_usb_port(),
                                       .device = nrf52840_usb_device(machine->chip),
                                       .profile = machine->options.host,
                                       .script = machine->script,
                                       .program = hosts_program(machine->options.talk),
                                       .seed = machine->options.seed,
                                       .worth_waiting = knows_usb,
                                       .owner = machine};

    machine->host = host_create(&config);
}

static enum status load_script(struct machine *machine, struct failure *failure)
{
    const char *path = machine->options.host_script;
    enum status status;
    uint8_t *text;
    size_t size;

    if (machine->options.host != HOST_SCRIPT)
        return STATUS_OK;
    assert(path);
    status = file_read(path, &text, &size, failure);
    if (status != STATUS_OK)
        return status;
    status = conversation_parse(&machine->script, path, (const char *)text, size, failure);
    machine->script_hash = hash_bytes(HASH_SEED, text, size);
    heap_release(text);
    return status;
}

static void code_changed(void *owner, struct byte_range range)
{
    struct machine *machine = owner;

    cpu_code_changed(machine->cpu, range);
}

/* The store that did it comes to its end first. */
static void switched_off(void *owner)
{
    struct machine *machine = owner;

    machine->off.asked = 1;
    cpu_request_stop(machine->cpu);
}

enum status machine_create(struct machine **result, const struct machine_options *options,
                           struct failure *failure)
{
    struct machine *machine = heap_allocate(1, sizeof *machine);
    enum status status;

    if (options)
        machine->options = *options;
    scheduler_reset(&machine->scheduler);
    chooser_init(&machine->chooser, machine->options.dma, machine->options.seed);
    trace_init(&machine->trace, &machine->scheduler.state.now);
    memory_init(&machine->memory);
    bus_init(&machine->bus, &machine->trace);
    machine->trace.register_name = bus_register_name;
    machine->trace.register_owner = &machine->bus;
    register_state(machine);

    status = board_init(&machine->board, &machine->options.board, &machine->wires, &machine->trace,
                        &machine->state, failure);
    create_chip(machine);
    if (status == STATUS_OK)
        status = load_script(machine, failure);
    if (status == STATUS_OK)
        status = create_cpu(machine, failure);
    if (status != STATUS_OK) {
        machine_destroy(machine);
        return status;
    }
    nrf52840_on_code_changed(machine->chip, code_changed, machine);
    nrf52840_on_system_off(machine->chip, switched_off, machine);
    create_host(machine);
    scheduler_handle(&machine->scheduler, EVENT_BOARD_PIN, machine_stimulate, machine);
    trace_subscribe(&machine->trace,
                    TRACE_KIND(HOST) | TRACE_KIND(FAULT) | TRACE_KIND(USB_PACKET) |
                        TRACE_KIND(USB_BUS) | TRACE_KIND(DMA_CLOSE) | TRACE_KIND(CONSOLE),
                    machine_watch_run, machine);
    *result = machine;
    return STATUS_OK;
}

void machine_destroy(struct machine *machine)
{
    if (!machine)
        return;
    for (unsigned i = 0; i < machine->images; i++)
        image_free(machine->image[i]);
    if (machine->host)
        host_destroy(machine->host);
    conversation_free(machine->script);
    if (machine->cpu)
        cpu_destroy(machine->cpu);
    nrf52840_destroy(machine->chip);
    board_finish(&machine->board);
    memory_release(&machine->memory);
    heap_release(machine);
}

/* ---- Looking and going back ------------------------------------------------------------------ */

struct snapshot *machine_save(struct machine *machine)
{
    return machine_save_into(machine, NULL);
}

struct snapshot *machine_save_into(struct machine *machine, struct snapshot *snapshot)
{
    cpu_save(machine->cpu);
    return snapshot_retake(snapshot, &machine->state);
}

void machine_restore(struct machine *machine, const struct snapshot *snapshot)
{
    snapshot_restore(snapshot, &machine->state);
    cpu_restore(machine->cpu);
}

uint64_t machine_hash(struct machine *machine)
{
    cpu_save(machine->cpu);
    return state_hash(&machine->state);
}

uint64_t machine_script_hash(const struct machine *machine)
{
    return machine->script_hash;
}

uint64_t machine_board_fingerprint(const struct machine *machine)
{
    return board_fingerprint(&machine->options.board);
}

sim_time machine_board_last_time(const struct machine *machine)
{
    return board_last_time(&machine->board);
}

int machine_exit_code(const struct machine *machine)
{
    return cpu_exit_code(machine->cpu);
}

bool machine_peek(void *machine, guest_addr address, void *bytes, uint32_t size)
{
    const struct machine *self = machine;

    return memory_peek(&self->memory, address, bytes, size);
}

sim_time machine_now(const struct machine *machine)
{
    return machine->scheduler.state.now;
}

struct trace *machine_trace(struct machine *machine)
{
    return &machine->trace;
}

struct state *machine_state(struct machine *machine)
{
    return &machine->state;
}

struct cpu *machine_cpu(struct machine *machine)
{
    return machine->cpu;
}

struct host *machine_host(struct machine *machine)
{
    return machine->host;
}

const struct usbd *machine_usbd(struct machine *machine)
{
    return nrf52840_usb_device(machine->chip);
}

struct memory *machine_memory(struct machine *machine)
{
    return &machine->memory;
}

void machine_drive_pin(struct machine *machine, unsigned pin, enum level level)
{
    gpio_drive(nrf52840_gpio(machine->chip), pin, level);
}

enum level machine_pin(struct machine *machine, unsigned pin)
{
    return gpio_output(nrf52840_gpio(machine->chip), pin);
}

void machine_drive_analog(struct machine *machine, unsigned input, unsigned millivolts)
{
    nrf52840_drive_analog(machine->chip, input, millivolts);
}

void machine_set_supply(struct machine *machine, unsigned millivolts)
{
    nrf52840_set_supply(machine->chip, millivolts);
}

void machine_set_temperature(struct machine *machine, double celsius)
{
    nrf52840_set_temperature(machine->chip, (int)floor(4 * celsius + 0.5));
}

struct bus *machine_bus(struct machine *machine)
{
    return &machine->bus;
}

struct wires *machine_wires(struct machine *machine)
{
    return &machine->wires;
}

struct scheduler *machine_scheduler(struct machine *machine)
{
    return &machine->scheduler;
}

struct chooser *machine_chooser(struct machine *machine)
{
    return &machine->chooser;
}
