/* SPDX-License-Identifier: Apache-2.0 */
/* Monitor commands that only look. None has a side effect, on whatever it looks at. */
#include "sim/debug/monitor_state.h"

#include "sim/check/family.h"
#include "sim/debug/threads.h"
#include "sim/report/place.h"
#include "sim/report/style.h"
#include "sim/soc/nrf52840.h"

#include <ctype.h>
#include <string.h>

/* ---- The whole ------------------------------------------------------------------------------- */

static void print_place_of_cpu(struct request *request)
{
    guest_addr pc = target_register(request->target, CPU_PC);

    text_printf(request->out, "CPU       %s at 0x%08x, ",
                cpu_is_asleep(machine_cpu(request->machine)) ? "asleep" : "stands", pc);
    print_code(request->out, target_report(request->target), pc);
    text_printf(request->out, ", ");
    print_exception(request->out, target_register(request->target, CPU_XPSR) & 0x1ff);
    text_printf(request->out, "\n");
}

static void show_time(struct request *request)
{
    struct target_past past = target_past(request->target);

    monitor_print_time(request->out, machine_now(request->machine));
    text_printf(request->out, " since power-on, %llu cycles, %llu instructions\n",
                (unsigned long long)machine_now(request->machine),
                (unsigned long long)cpu_instructions(machine_cpu(request->machine)));
    if (!past.snapshots)
        return;
    text_printf(request->out, "the past is known from ");
    monitor_print_time(request->out, past.since);
    text_printf(request->out, " on: %u snapshot%s, %zu MB\n", past.snapshots,
                plural(past.snapshots), past.bytes >> 20);
}

static void show_threads(struct request *request)
{
    for (unsigned i = THREAD_DMA; i <= THREAD_HOST; i++) {
        text_printf(request->out, "%-8s  ", thread_name((enum thread)i));
        thread_print(request->out, request->target, (enum thread)i);
        text_printf(request->out, "\n");
    }
}

static void show_status(struct request *request)
{
    unsigned findings = checker_finding_count(target_checker(request->target));

    print_place_of_cpu(request);
    show_threads(request);
    text_printf(request->out, "findings  %u\ntime      ", findings);
    show_time(request);
}

static int by_time(const struct event *a, const struct event *b)
{
    if (a->when != b->when)
        return a->when < b->when ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

static void show_events(struct request *request)
{
    const struct schedule *schedule = &machine_scheduler(request->machine)->state;
    bool shown[EVENT_QUEUE_CAPACITY] = {false};

    if (!schedule->count)
        text_printf(request->out, "nothing is scheduled\n");
    for (uint32_t n = 0; n < schedule->count; n++) {
        const struct event *next = NULL;
        uint32_t at = 0;

        for (uint32_t i = 0; i < schedule->count; i++) {
            if (!shown[i] && (!next || by_time(&schedule->heap[i], next) < 0)) {
                next = &schedule->heap[i];
                at = i;
            }
        }
        shown[at] = true;
        monitor_print_time(request->out, next->when);
        text_printf(request->out, "  in %llu cycles  %s %u\n",
                    (unsigned long long)(next->when - schedule->now),
                    event_name((enum event_id)next->id), next->instance);
    }
}

static void show_findings(struct request *request)
{
    const struct checker *checker = target_checker(request->target);
    unsigned count = checker_finding_count(checker);
    uint64_t number = 0;

    if (request->count && !monitor_number(request, 0, &number))
        return;
    if (number > count || (request->count && !number)) {
        text_printf(request->out, "there are %u findings so far\n", count);
        return;
    }
    if (number) {
        report_finding(request->out, checker_finding(checker, (unsigned)number - 1),
                       target_report(request->target));
        return;
    }
    for (unsigned i = 0; i < count; i++) {
        const struct finding *finding = checker_finding(checker, i);
        const struct rule *rule = rule_describe((enum rule_id)finding->rule);

        text_printf(request->out, "%u  %s %s: %s, at ", i + 1, rule->name,
                    severity_name((enum severity)finding->severity), rule->title);
        print_code(request->out, target_report(request->target), finding->first.pc);
        text_printf(request->out, "\n");
    }
    if (!count)
        text_printf(request->out, "no findings up to here; one that was just announced comes with "
                                  "the next instruction\n");
}

/* ---- EasyDMA --------------------------------------------------------------------------------- */

static void print_transfer(struct request *request, const struct transfer *transfer)
{
    const struct report_options *report = target_report(request->target);
    const struct dma_channel_name *name = trace_channel(report->trace, transfer->channel);
    bool reads = transfer->direction == DMA_READS_RAM;

    text_printf(request->out, "transfer %u  %s.%s %s 0x%08x..0x%08x, %u bytes", transfer->number,
                name->block, name->name, reads ? "reads" : "writes", transfer->window.start,
                transfer->window.start + transfer->window.size - (transfer->window.size != 0),
                transfer->window.size);
    text_printf(request->out, " (");
    if (!print_buffer_name(request->out, report, transfer))
        text_printf(request->out, "no known object");
    text_printf(request->out, ")\n  started at ");
    monitor_print_time(request->out, transfer->opened);
    text_printf(request->out, " by ");
    print_code(request->out, report, transfer->start.pc);
    text_printf(request->out, "\n  %u of %u bytes moved; ", transfer->moved, transfer->window.size);
    text_printf(request->out, "%s\n",
                transfer->ended != SIM_TIME_NEVER
                    ? "the engine has finished, the CPU has not observed it yet"
                : transfer->captured != SIM_TIME_NEVER ? "PTR and MAXCNT are captured"
                                                       : "PTR and MAXCNT are not captured yet");
}

/* One character a byte: '#' moved, '.' not yet. */
static void print_progress(struct request *request, const struct transfer *transfer)
{
    uint32_t size = transfer_evidence_size(transfer);

    if (!transfer->in_ram || !size)
        return;
    for (uint32_t i = 0; i < size; i++) {
        if (i % 64 == 0)
            text_printf(request->out, "%s  +%-4u ", i ? "\n" : "", i);
        text_printf(request->out, "%c", transfer_moved_byte(transfer, i) ? '#' : '.');
    }
    text_printf(request->out, "\n");
}

void monitor_print_transfer(struct request *request, const struct transfer *transfer)
{
    print_transfer(request, transfer);
    print_progress(request, transfer);
}

static void show_dma(struct request *request)
{
    struct transfers *transfers = checker_transfers(target_checker(request->target));
    const struct transfer *transfer;
    unsigned cursor = 0;
    unsigned count = 0;

    if (request->count) {
        monitor_set_policy(request);
        return;
    }
    while ((transfer = transfers_next(transfers, &cursor))) {
        monitor_print_transfer(request, transfer);
        count++;
    }
    if (!count)
        text_printf(request->out, "no window is open: all of RAM belongs to the CPU\n");
}

static void show_owner(struct request *request)
{
    struct transfers *transfers = checker_transfers(target_checker(request->target));
    const struct transfer *transfer;
    unsigned cursor = 0;
    unsigned count = 0;
    uint64_t address;

    if (!monitor_number(request, 0, &address))
        return;
    while ((transfer = transfers_next(transfers, &cursor))) {
        if (!range_contains(transfer->window, (guest_addr)address))
            continue;
        text_printf(request->out, "0x%08x belongs to EasyDMA, +%u of:\n", (unsigned)address,
                    (unsigned)address - transfer->window.start);
        print_transfer(request, transfer);
        count++;
    }
    if (!count)
        text_printf(request->out, "0x%08x belongs to the CPU\n", (unsigned)address);
}

/* ---- Registers of a block -------------------------------------------------------------------- */

static bool same_name(const char *a, const char *b)
{
    while (*a && toupper((unsigned char)*a) == toupper((unsigned char)*b)) {
        a++;
        b++;
    }
    return !*a && !*b;
}

static void print_fields(struct request *request, const struct block_spec *spec,
                         const struct reg_desc *desc, uint32_t value)
{
    unsigned count;
    const struct field_desc *field = reg_fields(spec, desc, &count);

    for (unsigned i = 0; i < count; i++) {
        uint32_t part = value >> field[i].lsb & (0xffffffffu >> (32 - field[i].width));

        if (part)
            text_printf(request->out, " %s=%u", field[i].name, part);
    }
}

static void print_block(struct request *request, const struct block_spec *spec, bool all)
{
    text_printf(request->out, "%s, registers that are not 0:\n", spec->name);
    for (unsigned i = 0; i < spec->reg_count; i++) {
        const struct reg_desc *desc = &spec->regs[i];

        for (unsigned n = 0; n < desc->count; n++) {
            guest_addr address = spec->base + desc->offset + n * desc->stride;
            uint32_t value;
            char name[64];

            if (!bus_peek(machine_bus(request->machine), address, 4, &value) || (!value && !all))
                continue;
            reg_full_name(desc, n, name, sizeof name);
            text_printf(request->out, "  0x%08x  %-24s 0x%08x", address, name, value);
            print_fields(request, spec, desc, value);
            text_printf(request->out, "\n");
        }
    }
}

static void show_registers(struct request *request)
{
    const struct block_spec *spec;

    for (unsigned i = 0; request->count && (spec = nrf52840_spec(i)); i++) {
        if (same_name(spec->name, request->word[0])) {
            print_block(request, spec, monitor_word_is(request, 1, "all"));
            return;
        }
    }
    text_printf(request->out, "blocks:");
    for (unsigned i = 0; (spec = nrf52840_spec(i)); i++)
        text_printf(request->out, " %s", spec->name);
    text_printf(request->out, "\n");
}

const struct monitor_command monitor_looks[] = {
    {"status", "", "where CPU, EasyDMA and host are, findings, time", show_status},
    {"time", "", "virtual time, and how far back the past is known", show_time},
    {"dma", "[POLICY]",
     "open windows: who owns them, how far EasyDMA is, byte by byte\n"
     "With eager, lazy, realistic or random: when EasyDMA moves its words from now on: a new "
     "future.",
     show_dma},
    {"owner", "ADDRESS", "who owns this byte of RAM now", show_owner},
    {"regs", "BLOCK [all]",
     "registers of a block, fields decoded, read without side effects\n"
     "Without BLOCK lists the blocks; with all shows zeros too.",
     show_registers},
    {"events", "", "what is scheduled, and when", show_events},
    {"findings", "[N]", "findings so far, or one in full", show_findings},
    {NULL, NULL, NULL, NULL},
};
