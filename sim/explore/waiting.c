/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/waiting.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/mem/map.h"

#include <string.h>

/* A loop that polls with a delay in between comes round at least twice in this time. */
enum { LOOK_AHEAD = 2 * CYCLES_PER_MS, SEEN = 64, OFTEN = 2, STACK = 1024 };

#define NVIC_ISER 0xe000e100u

/* What was read, in the order of the first reading. */
struct look {
    struct machine *machine;
    unsigned count;
    struct {
        struct waiting_read read;
        bool changes;
    } seen[SEEN];
};

static void note(struct look *look, struct waiting_read read)
{
    unsigned i = 0;

    while (i < look->count && look->seen[i].read.address != read.address)
        i++;
    if (i == SEEN)
        return;
    if (i == look->count) {
        look->count++;
        look->seen[i].changes = false;
    } else {
        look->seen[i].changes |= look->seen[i].read.value != read.value;
        read.times += look->seen[i].read.times;
        read.is_modelled &= look->seen[i].read.is_modelled;
    }
    look->seen[i].read = read;
}

/* Locals and saved registers say nothing: they lie above the stack pointer in use. */
static bool is_on_stack(const struct look *look, guest_addr address)
{
    return address - cpu_get(machine_cpu(look->machine), CPU_SP) < STACK;
}

static void sees(void *owner, const struct observation *seen)
{
    struct look *look = owner;

    switch ((unsigned)seen->kind) {
    case OBS_CPU_LOAD:
        if (seen->access.actor == ACTOR_INSTRUCTION && !is_on_stack(look, seen->access.address))
            note(look, (struct waiting_read){.address = seen->access.address,
                                             .pc = seen->access.pc,
                                             .value = (uint32_t)seen->access.before,
                                             .size = seen->access.size,
                                             .times = 1,
                                             .is_modelled = true});
        break;
    case OBS_MMIO_READ:
        note(look, (struct waiting_read){.address = seen->mmio.address,
                                         .pc = seen->mmio.pc,
                                         .value = seen->mmio.value,
                                         .size = seen->mmio.size,
                                         .times = 1,
                                         .is_register = true,
                                         .is_modelled = true});
        break;
    default:
        break;
    }
}

/* Blocks whose events are called after somebody else: UARTE0 waits for UART_SENT. */
static const struct {
    const char *block, *events;
} also_of[] = {
    {"UARTE", "UART"},       {"SPIM", "SPI"},        {"TWIM", "TWI"},     {"USBD", "HOST_STEP"},
    {"USBD", "HOST_SCRIPT"}, {"USBD", "HOST_TOKEN"}, {"GPIOTE", "BOARD"}, {"P", "BOARD"},
    {"CC_HOST_RGF", "CC"},   {"SCS", "SYSTICK"},
};

static bool begins_with(const char *name, const char *word, size_t length)
{
    return !strncmp(name, word, length) && (name[length] == '_' || !name[length]);
}

/* Without the number of the instance: UARTE of UARTE0. */
static size_t kind_length(const char *block)
{
    size_t length = strlen(block);

    while (length > 0 && block[length - 1] >= '0' && block[length - 1] <= '9')
        length--;
    return length;
}

/* A block's events are called after its kind: CLOCK_HFXO is one of CLOCK, TIMER_MATCH of TIMER3. */
static bool is_of_block(const struct event *event, const char *block)
{
    const char *name = event_name((enum event_id)event->id);
    size_t length = kind_length(block);

    if (begins_with(name, block, length))
        return true;
    for (size_t i = 0; i < ARRAY_LENGTH(also_of); i++) {
        const char *events = also_of[i].events;

        if (strlen(also_of[i].block) == length && !strncmp(also_of[i].block, block, length) &&
            begins_with(name, events, strlen(events)))
            return true;
    }
    return false;
}

/* A transfer of EasyDMA may raise an event of any block. */
static bool is_anybodys(const struct event *event)
{
    return is_of_block(event, "DMA");
}

static bool something_is_coming(const struct machine *machine, const char *block)
{
    const struct schedule *schedule = &machine_scheduler((struct machine *)machine)->state;

    for (uint32_t i = 0; i < schedule->count; i++) {
        if (is_anybodys(&schedule->heap[i]) || is_of_block(&schedule->heap[i], block))
            return true;
    }
    return false;
}

static void complete_register(struct machine *machine, struct waiting_read *read)
{
    const struct bus *bus = machine_bus(machine);
    uint32_t value;

    read->is_modelled = bus_peek(bus, read->address, 4, &value);
    read->block = bus_block_name(bus, read->address);
    read->is_coming = read->block && something_is_coming(machine, read->block);
}

static bool is_polled(const struct look *look, unsigned i)
{
    return !look->seen[i].changes && look->seen[i].read.times >= OFTEN;
}

/* A loop that reads many things does its work in it, and its variables tell nothing. */
static bool is_tight(const struct look *look)
{
    unsigned polled = 0;

    for (unsigned i = 0; i < look->count; i++)
        polled += is_polled(look, i);
    return polled <= WAITING_READS;
}

static void keep_what_is_polled(const struct look *look, struct waiting *waiting)
{
    bool variables = is_tight(look);

    for (unsigned i = 0; i < look->count && waiting->reads < WAITING_READS; i++) {
        if (is_polled(look, i) && (variables || look->seen[i].read.is_register))
            waiting->read[waiting->reads++] = look->seen[i].read;
    }
    for (unsigned i = 0; i < waiting->reads; i++) {
        if (waiting->read[i].is_register)
            complete_register(look->machine, &waiting->read[i]);
    }
}

static void look_ahead(struct machine *machine, struct waiting *waiting)
{
    const struct byte_range ram = {RAM_BASE, RAM_SIZE};
    struct snapshot *present = machine_save(machine);
    struct look look = {.machine = machine};

    trace_listen_alone(machine_trace(machine), TRACE_KIND(CPU_LOAD) | TRACE_KIND(MMIO_READ), sees,
                       &look);
    trace_watch(machine_trace(machine), ram, WATCH_LOADS);
    (void)machine_run(machine, LOOK_AHEAD);
    trace_listen_alone(machine_trace(machine), 0, NULL, NULL);
    machine_restore(machine, present);
    snapshot_free(present);
    keep_what_is_polled(&look, waiting);
}

static void list_interrupts(const struct machine *machine, struct waiting *waiting)
{
    struct machine *self = (struct machine *)machine;

    for (unsigned line = 0; line < WAITING_LINES; line++) {
        uint32_t enabled;

        if (bus_peek(machine_bus(self), NVIC_ISER + line / 32 * 4, 4, &enabled) &&
            enabled & bit32(line % 32))
            waiting->line[waiting->lines++] = (uint8_t)line;
    }
    waiting->masked =
        cpu_get(machine_cpu(self), CPU_PRIMASK) || cpu_get(machine_cpu(self), CPU_FAULTMASK);
}

void waiting_look(struct machine *machine, struct waiting *waiting)
{
    *waiting = (struct waiting){.asleep = cpu_is_asleep(machine_cpu(machine))};
    list_interrupts(machine, waiting);
    if (!waiting->asleep)
        look_ahead(machine, waiting);
}
