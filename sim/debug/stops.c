/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that is worth a stop, seen in the trace. A hit belongs to the instruction that is
 * executing, or to what happens between two: `when` is then that of the one before.
 */
#include "sim/debug/target_state.h"

#include "sim/report/style.h"

#include <stdio.h>
#include <string.h>

static const struct reason {
    const char *word;
    const char *brief;
    bool on;
} reasons[] = {
#define STOP_REASON(name, word_, on_, brief_) {.word = (word_), .brief = (brief_), .on = (on_)},
#include "sim/debug/stops.def"
#undef STOP_REASON
};

const char *stop_reason_word(enum stop_reason reason)
{
    return reasons[reason].word;
}

const char *stop_reason_brief(enum stop_reason reason)
{
    return reasons[reason].brief;
}

void target_stop_on(struct target *target, enum stop_reason reason, bool on, int which)
{
    target->stops[reason] = (struct stop_choice){on, which};
}

bool target_stops_on(const struct target *target, enum stop_reason reason, int *which)
{
    if (which)
        *which = target->stops[reason].which;
    return target->stops[reason].on;
}

/* ---- Hits ------------------------------------------------------------------------------------ */

/* What the instruction did from which the motion starts, and was told of already. */
static bool is_told(const struct target *target, sim_time when)
{
    return when == target->told && target->start.at_instruction && when == target->start.when;
}

bool stops_hit(struct target *target, struct hit hit)
{
    bool first = target->heed == HEED_THE_FIRST && target->hit.halt == HALT_NONE;

    hit.pc = target->report.trace->state.pc;
    switch (target->heed) {
    case HEED_NOTHING:
        return false;
    case HEED_THE_LATEST:
        if (hit.when >= target->until)
            return false;
        text_clear(&target->story); /* that of an earlier one */
        target->hit = hit;
        return true;
    case HEED_THE_FIRST:
        if (hit.undo && is_told(target, hit.when))
            return false;
        if (first)
            target->hit = hit;
        machine_request_stop(target->machine);
        return true;
    }
    return false;
}

/* Whether a reason is to be told; the story is then for the caller to write. */
static bool begins(struct target *target, enum stop_reason reason, int number)
{
    const struct stop_choice *stop = &target->stops[reason];
    struct hit hit = {.halt = reason == STOP_FAULT ? HALT_FAULT : HALT_REASON,
                      .when = machine_now(target->machine) - 1,
                      .undo = reason == STOP_FINDING || reason == STOP_WARNING ||
                              reason == STOP_MISUSE};

    if (!stop->on || (stop->which != STOP_ANY && stop->which != number) || !stops_hit(target, hit))
        return false;
    text_printf(&target->story, "stop-on %s: ", reasons[reason].word);
    return true;
}

static void see_findings(struct target *target)
{
    unsigned count = checker_finding_count(target->checker);

    for (; target->findings < count; target->findings++) {
        const struct finding *finding = checker_finding(target->checker, target->findings);
        bool error = finding->severity == SEVERITY_ERROR;

        if (!begins(target, error ? STOP_FINDING : STOP_WARNING, STOP_ANY))
            continue;
        text_printf(&target->story, "finding %u\n\n", target->findings + 1);
        report_finding(&target->story, finding, &target->report);
    }
}

/* ---- Observations ---------------------------------------------------------------------------- */

static void see_console(struct target *target, const struct obs_console *console)
{
    uint64_t after = target->counts.printed + console->size;

    if (after > target->shown) {
        uint64_t fresh = after - target->shown;

        if (fresh > console->size)
            fresh = console->size;
        text_append(&target->console, console->bytes + console->size - fresh, fresh);
        target->shown = after;
    }
    target->counts.printed = after;
}

/* Interrupts that come while a step is made. Exceptions the stepped instruction causes are none. */
static void see_interrupt(struct target *target, const struct observation *seen)
{
    enum { FIRST_ASYNCHRONOUS = 14, FIRST_INTERRUPT = 16 };
    unsigned number = seen->exception.number;

    if (seen->kind == OBS_IRQ_EXIT) {
        target->returns++;
        if (target->interrupted)
            target->interrupted--;
        return;
    }
    if (target->entry.number && number == target->entry.number &&
        seen->exception.from == target->entry.from)
        (void)stops_hit(
            target, (struct hit){.halt = HALT_REASON, .when = machine_now(target->machine) - 1});
    if (target->interrupted || number >= FIRST_ASYNCHRONOUS)
        target->interrupted++;
    if (begins(target, STOP_IRQ, (int)number - FIRST_INTERRUPT)) {
        print_exception(&target->story, number);
        text_printf(&target->story, " begins\n");
    }
}

/* What it says while the past runs again was heard before. */
static void hear_host(struct target *target, const struct observation *seen)
{
    if (++target->counts.host_lines <= target->heard || !target->hears_host)
        return;
    target->heard = target->counts.host_lines;
    if (seen->host.text)
        text_printf(&target->console, "host: %s\n", seen->host.text);
}

static void see_start(struct target *target, const struct obs_dma_open *open)
{
    const struct dma_channel_name *name = trace_channel(target->report.trace, open->channel);
    const char *index = strchr(name->name, '[');
    int endpoint = STOP_ANY;

    if (index)
        (void)sscanf(index, "[%d]", &endpoint);
    if (!begins(target, STOP_TRANSFER, endpoint))
        return;
    text_printf(&target->story, "transfer %u of %s %s starts: %u bytes at 0x%08x\n", open->transfer,
                name->block, name->name, open->window.size, open->window.start);
}

static void keep_packet(struct target *target, const struct observation *seen)
{
    const struct obs_usb_packet *packet = &seen->usb_packet;
    struct target_packet *kept = &target->counts.packets[packet->sender];
    bool is_data = packet->pid == PID_DATA0 || packet->pid == PID_DATA1;

    if (packet->pid == PID_SETUP || packet->pid == PID_OUT || packet->pid == PID_IN)
        target->counts.last_token = packet->pid;
    if (!is_data || !packet->size || target->counts.last_token == PID_SETUP)
        return;
    memset(kept, 0, sizeof *kept);
    kept->when = seen->when;
    kept->transfer = packet->transfer;
    kept->size = packet->size < sizeof kept->bytes ? packet->size : sizeof kept->bytes;
    kept->pid = packet->pid;
    kept->endpoint = packet->endpoint;
    memcpy(kept->bytes, packet->payload, kept->size);
}

static void see_packet(struct target *target, const struct observation *seen)
{
    const struct obs_usb_packet *packet = &seen->usb_packet;

    keep_packet(target, seen);
    if (packet->pid == PID_SETUP && begins(target, STOP_SETUP, STOP_ANY))
        text_printf(&target->story, "the host sends SETUP to address %u\n", packet->address);
}

static void see_host(struct target *target, const struct observation *seen)
{
    const struct obs_host *host = &seen->host;

    hear_host(target, seen);
    if (host->step == HOST_FAILED && begins(target, STOP_GAVE_UP, STOP_ANY))
        text_printf(&target->story, "the host gave up: %s\n", host->text ? host->text : "");
    if (host->step == HOST_COMPLETED && begins(target, STOP_DONE, STOP_ANY))
        text_printf(&target->story, "the host's conversation is complete\n");
}

static void see_misuse(struct target *target, const struct obs_misuse *misuse)
{
    char name[64];

    if (!begins(target, STOP_MISUSE, STOP_ANY))
        return;
    trace_register_name(target->report.trace, misuse->address, name, sizeof name);
    text_printf(&target->story, "%s: %s\n", name, misuse_sentence(misuse->misuse));
}

static void tell_writer(struct target *target, struct byte_range range, enum writer_kind kind)
{
    for (unsigned i = 0; i < target->points.watch_count; i++) {
        if (ranges_overlap(target->points.watches[i].range, range))
            target->witness->wrote(target->witness->owner, range, kind);
    }
}

/* The CPU's watchpoints are on its loads and on its stores to RAM; here is what else writes. */
static void see_write(struct target *target, struct byte_range range, const char *who)
{
    if (target->witness) {
        tell_writer(target, range, who ? WRITER_ENGINE : WRITER_CPU);
        return;
    }
    for (unsigned i = 0; i < target->points.watch_count; i++) {
        const struct cpu_watch *watch = &target->points.watches[i];

        if (!(watch->accesses & CPU_STORES) || !ranges_overlap(watch->range, range))
            continue;
        if (stops_hit(target, (struct hit){.halt = HALT_WATCHPOINT,
                                           .when = machine_now(target->machine) - 1,
                                           .address = watch->range.start,
                                           .watch = target->points.watch_kinds[i],
                                           .by_engine = who != NULL,
                                           .undo = true}) &&
            who)
            text_printf(&target->story, "%s wrote 0x%08x\n", who, range.start);
    }
}

static void see_fault(struct target *target, const struct observation *seen)
{
    struct site site;

    target->faults++;
    if (!begins(target, STOP_FAULT, STOP_ANY))
        return;
    trace_site(target->report.trace, &site);
    text_printf(&target->story, "\n");
    report_fault(&target->story, seen, &site, &target->report);
}

static void see_resets(struct target *target, const struct observation *seen)
{
    bool bus = seen->kind == OBS_USB_BUS;

    if (bus && seen->usb_bus.state != USB_RESET_BEGIN)
        return;
    if (begins(target, STOP_RESET, STOP_ANY))
        text_printf(&target->story, bus ? "the host resets the bus\n" : "the system was reset\n");
}

static void inform_witness(const struct witness *witness, const struct observation *seen)
{
    if (seen->kind == OBS_DMA_WORD && witness->moved)
        witness->moved(witness->owner, seen);
    if (seen->kind == OBS_DMA_OPEN && witness->opened)
        witness->opened(witness->owner, seen);
}

/* Kinds that concern the debugger; every other one may still bring a finding. */
static void follow(struct target *target, const struct observation *seen)
{
    struct byte_range word = {seen->dma_word.address, seen->dma_word.size};

    if (target->witness)
        inform_witness(target->witness, seen);
    if (seen->kind == OBS_CONSOLE)
        see_console(target, &seen->console);
    else if (seen->kind == OBS_IRQ_ENTER || seen->kind == OBS_IRQ_EXIT)
        see_interrupt(target, seen);
    else if (seen->kind == OBS_DMA_OPEN)
        see_start(target, &seen->dma_open);
    else if (seen->kind == OBS_DMA_WORD && seen->dma_word.direction == DMA_WRITES_RAM)
        see_write(target, word, "EasyDMA");
    else if (seen->kind == OBS_MMIO_WRITE)
        see_write(target, (struct byte_range){seen->mmio.address, seen->mmio.size}, NULL);
    else if (seen->kind == OBS_USB_PACKET)
        see_packet(target, seen);
    else if (seen->kind == OBS_HOST)
        see_host(target, seen);
    else if (seen->kind == OBS_MISUSE)
        see_misuse(target, &seen->misuse);
    else if (seen->kind == OBS_FAULT)
        see_fault(target, seen);
    else if (seen->kind == OBS_USB_BUS || seen->kind == OBS_RESET)
        see_resets(target, seen);
}

static void see(void *owner, const struct observation *seen)
{
    struct target *target = owner;

    follow(target, seen);
    if (target->heed != HEED_NOTHING)
        see_findings(target);
}

void stops_init(struct target *target)
{
    for (unsigned i = 0; i < STOP_REASONS; i++)
        target->stops[i] = (struct stop_choice){reasons[i].on, STOP_ANY};
    /* All kinds: whatever a rule looked at, its finding is there when we come. */
    trace_subscribe(machine_trace(target->machine), ~0u >> (32 - OBSERVATION_KINDS), see, target);
}
