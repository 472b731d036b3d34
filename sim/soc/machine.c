/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/soc/machine.h"

#include "sim/base/bits.h"
#include "sim/base/file.h"
#include "sim/base/hash.h"
#include "sim/base/heap.h"
#include "sim/board/board.h"
#include "sim/mem/bus.h"
#include "sim/mem/memory.h"
#include "sim/soc/flash_file.h"
#include "sim/soc/nrf52840.h"
#include "sim/soc/system_off.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { IMAGES = 4 };

#define VTOR 0xe000ed08u

struct machine {
    struct machine_options options;

    struct scheduler scheduler;
    struct chooser chooser;
    struct wires wires;
    struct trace trace;
    struct state state;
    struct memory memory;
    struct bus bus;
    struct board board;
    struct nrf52840 *chip;
    struct cpu *cpu;
    struct host *host;
    struct conversation *script; /* NULL unless the host follows one */
    uint64_t script_hash;        /* of its text */

    unsigned images;
    struct image *image[IMAGES];

    /* Of the run under way. */
    bool (*condition)(void *owner, struct machine *machine);
    void *condition_owner;
    bool condition_met;
    bool host_ended;
    bool faulted;
    struct system_off off;
    enum machine_stop last_stop;
};

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
                                       .seed = machine->options.seed};

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

/*
 * Decides whether the run under way goes on. Subscribed last of all to what hosts, engines and
 * faults report; these are rare, so a condition costs nothing in between.
 */
static void watch_run(void *owner, const struct observation *observation)
{
    struct machine *machine = owner;
    bool stop = false;

    if (observation->kind == OBS_HOST)
        machine->host_ended |=
            observation->host.step == HOST_COMPLETED || observation->host.step == HOST_FAILED;
    if (observation->kind == OBS_FAULT)
        machine->faulted |= !machine->options.faults_continue &&
                            (observation->fault.lockup || observation->fault.exception == 3);
    if (machine->condition && machine->condition(machine->condition_owner, machine))
        machine->condition_met = true;

    stop = machine->host_ended || machine->faulted || machine->condition_met;
    if (stop)
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
    trace_subscribe(&machine->trace,
                    TRACE_KIND(HOST) | TRACE_KIND(FAULT) | TRACE_KIND(USB_PACKET) |
                        TRACE_KIND(USB_BUS) | TRACE_KIND(DMA_CLOSE) | TRACE_KIND(CONSOLE),
                    watch_run, machine);
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

/* ---- Loading and starting -------------------------------------------------------------------- */

/* Where the firmware recorded compiler barriers: one address a word. */
static bool mark_fences(struct machine *machine, const struct image *image)
{
    const uint8_t *bytes;
    size_t size;

    if (!image_section(image, ".fencepost.fences", &bytes, &size))
        return true;
    for (size_t at = 0; at + 4 <= size; at += 4) {
        if (!cpu_mark_fence(machine->cpu, load_le32(bytes + at)))
            return false;
    }
    return true;
}

static void place_segments(struct machine *machine, const struct image *image)
{
    for (unsigned i = 0; i < image_segment_count(image); i++) {
        struct image_segment segment = image_segment(image, i);
        uint8_t *at =
            memory_at(&machine->memory, (struct byte_range){segment.address, segment.size});

        assert(at); /* image_load checked every segment against the places below */
        memcpy(at, segment.bytes, segment.size);
    }
}

/* Two images may have bytes in common (a boot loader's UICR), but no byte with two values. */
static enum status check_overlap(const struct machine *machine, const struct image *image,
                                 const char *path, struct failure *failure)
{
    for (unsigned i = 0; i < machine->images; i++) {
        guest_addr address;

        if (image_differs(machine->image[i], image, &address))
            return failure_set(failure, STATUS_IMAGES_OVERLAP, path, "at 0x%08x", address);
    }
    return STATUS_OK;
}

enum status machine_load(struct machine *machine, const char *path, struct failure *failure)
{
    static const struct byte_range places[] = {
        {FLASH_BASE, FLASH_SIZE}, {RAM_BASE, RAM_SIZE}, {UICR_BASE, INFO_SIZE}};
    const struct image_limits limits = {
        .places = places, .count = ARRAY_LENGTH(places), .binary_base = FLASH_BASE};
    struct image *image;
    enum status status;

    if (machine->images == IMAGES)
        return failure_set(failure, STATUS_USAGE, path, "at most %d images", IMAGES);
    status = image_load(&image, path, &limits, failure);
    if (status != STATUS_OK)
        return status;
    status = check_overlap(machine, image, path, failure);
    if (status != STATUS_OK) {
        image_free(image);
        return status;
    }
    machine->image[machine->images++] = image;
    if (!mark_fences(machine, image))
        return failure_set(failure, STATUS_TOO_MANY_MARKS, path, ".fencepost.fences");
    place_segments(machine, image);
    memory_set_baseline(&machine->memory);
    return STATUS_OK;
}

enum status machine_load_flash(struct machine *machine, const char *path, struct failure *failure)
{
    return flash_file_load(&machine->memory, path, failure);
}

enum status machine_save_flash(const struct machine *machine, const char *path,
                               struct failure *failure)
{
    return flash_file_save(&machine->memory, path, failure);
}

const struct image *machine_image(const struct machine *machine)
{
    for (unsigned i = 0; i < machine->images; i++) {
        if (image_has_debug_info(machine->image[i]))
            return machine->image[i];
    }
    return machine->images ? machine->image[0] : NULL;
}

static guest_addr symbol_address(const struct machine *machine, const char *name)
{
    struct symbol symbol;
    const struct image *image = machine_image(machine);

    return image && image_symbol_named(image, name, &symbol) ? symbol.address : 0;
}

guest_addr machine_begins_at(const struct machine *machine)
{
    static const uint8_t erased[8] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    uint8_t vectors[8];

    if (!memory_peek(&machine->memory, FLASH_BASE, vectors, sizeof vectors) ||
        memcmp(vectors, erased, sizeof vectors) != 0)
        return FLASH_BASE;
    for (unsigned i = 0; i < machine->images; i++) {
        if (image_vector_table(machine->image[i]))
            return image_vector_table(machine->image[i]);
    }
    return FLASH_BASE;
}

/* Reset, and what a boot loader does that was not loaded: it hands over to what stands behind it.
 */
static void reset_cpu(struct machine *machine)
{
    guest_addr table = machine_begins_at(machine);
    uint8_t vectors[8];

    cpu_reset(machine->cpu);
    if (table == FLASH_BASE || !memory_peek(&machine->memory, table, vectors, sizeof vectors))
        return;
    bus_trigger(&machine->bus, VTOR, table);
    cpu_set(machine->cpu, CPU_MSP, load_le32(vectors) & ~3u);
    cpu_set(machine->cpu, CPU_PC, load_le32(vectors + 4) & ~1u);
}

void machine_power_on(struct machine *machine)
{
    scheduler_reset(&machine->scheduler);
    wires_reset(&machine->wires);
    trace_reset(&machine->trace);
    chooser_reset(&machine->chooser, machine->options.seed);
    memset(&machine->bus.reported, 0, sizeof machine->bus.reported);
    memory_fill_ram(&machine->memory, machine->options.ram_pattern);
    machine->memory.stores = (struct store_buffer){.depth = machine->options.store_buffer};
    nrf52840_power_on(machine->chip);
    board_power_on(&machine->board);
    for (unsigned i = 0; i < machine->images; i++)
        place_segments(machine, machine->image[i]);
    memory_set_baseline(&machine->memory);
    cpu_code_changed(machine->cpu, (struct byte_range){FLASH_BASE, FLASH_SIZE});
    cpu_set_rtt_address(machine->cpu, symbol_address(machine, "_SEGGER_RTT"));
    reset_cpu(machine);
    machine->host_ended = false;
    machine->faulted = false;
    machine->off = (struct system_off){0};
    host_power_on(machine->host);
}

static void reset_by(struct machine *machine, enum reset_kind reason)
{
    trace_emit(&machine->trace,
               (struct observation){.kind = OBS_RESET,
                                    .reset = {.reason = reason, .pc = machine->trace.state.pc}});
    nrf52840_system_reset(machine->chip, reason);
    reset_cpu(machine);
}

static enum reset_kind reset_reason(const struct machine *machine)
{
    return wire_get(&machine->wires, WIRE_RESET_WATCHDOG) ? RESET_WATCHDOG : RESET_SOFT;
}

static void system_reset(struct machine *machine)
{
    enum reset_kind reason = reset_reason(machine);

    wire_set(&machine->wires, WIRE_RESET_REQUEST, false);
    wire_set(&machine->wires, WIRE_RESET_WATCHDOG, false);
    reset_by(machine, reason);
}

/* ---- Running --------------------------------------------------------------------------------- */

static enum machine_stop requested_stop(const struct machine *machine)
{
    if (machine->faulted)
        return MACHINE_STOP_FAULT;
    if (machine->condition_met)
        return MACHINE_STOP_CONDITION;
    return host_outcome(machine->host) == HOST_GAVE_UP ? MACHINE_STOP_HOST_FAILED
                                                       : MACHINE_STOP_HOST_DONE;
}

/* Only a conversation can pull the plug and put it back while a run is under way. */
static bool may_wake_by_itself(const struct machine *machine)
{
    return machine->options.host == HOST_SCRIPT && !machine->host_ended;
}

/* Time without a CPU. True when something woke the chip, which starts anew. */
static bool stay_off(struct machine *machine, sim_time deadline)
{
    struct scheduler *scheduler = &machine->scheduler;
    enum reset_kind reason;

    while (!(reason = system_off_wake_up(&machine->off, &machine->wires))) {
        if (!may_wake_by_itself(machine) || scheduler_next(scheduler) > deadline)
            return false;
        scheduler_skip_to(scheduler, scheduler_next(scheduler));
        scheduler_dispatch(scheduler);
    }
    machine->off = (struct system_off){0};
    reset_by(machine, reason);
    return true;
}

static void go_off(struct machine *machine)
{
    system_off_enter(&machine->off, &machine->wires);
    nrf52840_system_reset(machine->chip, RESET_INTO_OFF);
}

static enum machine_stop run(struct machine *machine, sim_time deadline)
{
    for (;;) {
        if (machine->off.off && !stay_off(machine, deadline))
            return MACHINE_STOP_OFF;
        switch (cpu_run(machine->cpu, deadline)) {
        case CPU_STOP_TIME:
            return MACHINE_STOP_TIME;
        case CPU_STOP_REQUESTED:
            if (machine->off.asked)
                go_off(machine);
            if (machine->faulted || machine->condition_met || machine->host_ended)
                return requested_stop(machine);
            break; /* somebody else's request; nothing of ours has ended */
        case CPU_STOP_RESET:
            system_reset(machine);
            if (machine->condition_met) /* the reset forgot the request */
                return requested_stop(machine);
            break;
        case CPU_STOP_LOCKUP:
            return MACHINE_STOP_FAULT;
        case CPU_STOP_EXIT:
            return MACHINE_STOP_EXIT;
        case CPU_STOP_ASLEEP:
            return MACHINE_STOP_ASLEEP;
        }
    }
}

enum machine_stop machine_run_until(struct machine *machine, sim_time duration,
                                    bool (*condition)(void *owner, struct machine *machine),
                                    void *owner)
{
    machine->condition = condition;
    machine->condition_owner = owner;
    machine->condition_met = condition && condition(owner, machine);
    machine->host_ended = false;
    machine->faulted = false;
    machine->last_stop = machine->condition_met
                             ? MACHINE_STOP_CONDITION
                             : run(machine, machine->scheduler.state.now + duration);
    machine->condition = NULL;
    return machine->last_stop;
}

enum machine_stop machine_run(struct machine *machine, sim_time duration)
{
    return machine_run_until(machine, duration, NULL, NULL);
}

void machine_request_stop(struct machine *machine)
{
    machine->condition_met = true;
    cpu_request_stop(machine->cpu);
}

enum machine_stop machine_last_stop(const struct machine *machine)
{
    return machine->last_stop;
}

static bool transfer_ended(void *owner, struct machine *machine)
{
    (void)owner;
    return host_transfer(machine->host) != TRANSFER_BUSY;
}

/* Runs until the transfer that was started is over. */
static enum control_result run_transfer(struct machine *machine, sim_time duration)
{
    if (machine_run_until(machine, duration, transfer_ended, NULL) != MACHINE_STOP_CONDITION)
        return machine->last_stop == MACHINE_STOP_TIME ? CONTROL_TIMED_OUT : CONTROL_STOPPED;
    switch (host_transfer(machine->host)) {
    case TRANSFER_DONE:
        return CONTROL_DONE;
    case TRANSFER_STALLED:
        return CONTROL_STALLED;
    case TRANSFER_BUSY:
    case TRANSFER_TIMED_OUT:
    case TRANSFER_SILENT:
    case TRANSFER_BABBLE:
        break;
    }
    return CONTROL_TIMED_OUT;
}

enum control_result machine_control(struct machine *machine, const uint8_t setup[8], uint8_t *data,
                                    size_t *size, sim_time duration)
{
    enum control_result result;
    const uint8_t *received;
    size_t count;

    host_control(machine->host, setup, data);
    result = run_transfer(machine, duration);
    received = host_transfer_data(machine->host, &count);
    if (size)
        *size = count;
    if (data && count && (setup[0] & 0x80))
        memcpy(data, received, count);
    return result;
}

enum control_result machine_pipe_write(struct machine *machine, uint8_t endpoint,
                                       const uint8_t *data, size_t size, sim_time duration)
{
    struct host_pipe pipe = host_pipe(machine->host, endpoint, false);

    host_pipe_write(machine->host, &pipe, data, size);
    return run_transfer(machine, duration);
}

enum control_result machine_pipe_read(struct machine *machine, uint8_t endpoint, uint8_t *data,
                                      size_t *size, sim_time duration)
{
    struct host_pipe pipe = host_pipe(machine->host, endpoint, true);
    enum control_result result;
    const uint8_t *received;

    host_pipe_read(machine->host, &pipe, *size);
    result = run_transfer(machine, duration);
    received = host_transfer_data(machine->host, size);
    if (*size)
        memcpy(data, received, *size);
    return result;
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
