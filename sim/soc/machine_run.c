/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/bits.h"
#include "sim/soc/machine_parts.h"

#include <string.h>

#define VTOR 0xe000ed08u

/* ---- Power and reset ------------------------------------------------------------------------- */

/* Reset, and what a boot loader would do that was not loaded: hand over to what stands behind. */
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

static void await_stimulus(struct machine *machine)
{
    const struct stimulus *next = stimuli_next(&machine->board.stimuli);

    if (next)
        scheduler_add(&machine->scheduler, EVENT_BOARD_PIN, 0,
                      next->when - machine->scheduler.state.now, 0);
}

static void stimulate(struct machine *machine, const struct stimulus *stimulus)
{
    static const enum level levels[] = {[STIMULUS_LOW] = LEVEL_LOW,
                                        [STIMULUS_HIGH] = LEVEL_HIGH,
                                        [STIMULUS_FLOAT] = LEVEL_FLOATING};

    if (stimulus->analog)
        nrf52840_drive_analog(machine->chip, stimulus->input, stimulus->millivolts);
    else
        gpio_drive(nrf52840_gpio(machine->chip), stimulus->input, levels[stimulus->level]);
}

void machine_stimulate(void *owner, const struct event *event)
{
    struct machine *machine = owner;
    const struct stimulus *next;

    (void)event;
    while ((next = stimuli_next(&machine->board.stimuli)) &&
           next->when <= machine->scheduler.state.now) {
        machine->board.stimuli.state.next++;
        stimulate(machine, next);
    }
    await_stimulus(machine);
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
        machine_place_segments(machine, machine->image[i]);
    memory_set_baseline(&machine->memory);
    cpu_code_changed(machine->cpu, (struct byte_range){FLASH_BASE, FLASH_SIZE});
    cpu_set_rtt_address(machine->cpu, machine_symbol_address(machine, "_SEGGER_RTT"));
    reset_cpu(machine);
    machine->host_ended = false;
    machine->faulted = false;
    machine->off = (struct system_off){0};
    host_power_on(machine->host);
    await_stimulus(machine);
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

/*
 * Decides whether the run under way goes on. Subscribed last of all to what hosts, engines and
 * faults report; these are rare, so a condition costs nothing in between.
 */
void machine_watch_run(void *owner, const struct observation *observation)
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
static enum machine_stop requested_stop(const struct machine *machine)
{
    if (machine->faulted)
        return MACHINE_STOP_FAULT;
    if (machine->condition_met)
        return MACHINE_STOP_CONDITION;
    return host_outcome(machine->host) == HOST_GAVE_UP ? MACHINE_STOP_HOST_FAILED
                                                       : MACHINE_STOP_HOST_DONE;
}

/* A conversation can pull the plug and put it back while a run is under way, and the board can do
 * something to a pin or the antenna. */
static bool may_wake_by_itself(const struct machine *machine)
{
    return (machine->options.host == HOST_SCRIPT && !machine->host_ended) ||
           machine->scheduler.state.now < board_last_time(&machine->board);
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
