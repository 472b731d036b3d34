/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/debug/threads.h"

#include "sim/check/family.h"
#include "sim/report/style.h"

#include <string.h>

#define NOWHERE 0x60000000u

const char *thread_name(enum thread thread)
{
    static const char *const names[] = {"", "CPU", "EasyDMA", "USB host"};

    return names[thread];
}

static bool is_working(const struct transfer *transfer)
{
    return transfer->ended == SIM_TIME_NEVER;
}

const struct transfer *thread_transfer(struct target *target)
{
    struct transfers *transfers = checker_transfers(target_checker(target));
    const struct transfer *best = NULL;
    const struct transfer *transfer;
    unsigned cursor = 0;

    while ((transfer = transfers_next(transfers, &cursor))) {
        if (!best || is_working(transfer) > is_working(best) ||
            (is_working(transfer) == is_working(best) && transfer->number > best->number))
            best = transfer;
    }
    return best;
}

bool thread_site(struct target *target, enum thread thread, struct site *site)
{
    const struct transfer *transfer = thread == THREAD_DMA ? thread_transfer(target) : NULL;

    if (transfer) {
        *site = transfer->start;
    } else { /* a PC where nothing is: gdb shows it as such */
        memset(site, 0, sizeof *site);
        site->pc = NOWHERE;
        site->r[CPU_PC] = NOWHERE;
        site->r[CPU_LR] = NOWHERE;
    }
    return transfer != NULL;
}

static void print_transfer(struct text *text, struct target *target)
{
    const struct transfer *transfer = thread_transfer(target);
    const struct dma_channel_name *name;

    if (!transfer) {
        text_printf(text, "idle");
        return;
    }
    name = trace_channel(machine_trace(target_machine(target)), transfer->channel);
    text_printf(text, "%s %s, %u of %u bytes%s", name->block, name->name, transfer->moved,
                transfer->window.size,
                is_working(transfer) ? "" : ", finished and not yet observed");
}

void thread_print(struct text *text, struct target *target, enum thread thread)
{
    struct machine *machine = target_machine(target);

    if (thread == THREAD_DMA)
        print_transfer(text, target);
    else if (thread == THREAD_HOST)
        host_print_activity(text, machine_host(machine));
    else if (cpu_is_asleep(machine_cpu(machine)))
        text_printf(text, "asleep");
    else
        print_exception(text, target_register(target, CPU_XPSR) & 0x1ff);
}
