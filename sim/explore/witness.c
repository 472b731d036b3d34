/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/witness.h"

static const enum choice_policy policies[EXTREMES] = {
    [EXTREME_EAGER] = CHOICE_EAGER, [EXTREME_LAZY] = CHOICE_LAZY};

/* ---- Running --------------------------------------------------------------------------------- */

static enum status run_one(const struct plan *plan, struct wire_log *log, struct failure *failure)
{
    struct machine *machine;
    enum status status = plan_build(plan, &machine, failure);

    if (status != STATUS_OK)
        return status;
    wire_log_attach(log, machine_trace(machine));
    (void)plan_run(plan, machine);
    machine_destroy(machine);
    return STATUS_OK;
}

enum status extremes_run(struct extremes *extremes, const struct plan *plan,
                         struct failure *failure)
{
    enum status status = STATUS_OK;

    *extremes = (struct extremes){0};
    for (unsigned i = 0; i < EXTREMES && status == STATUS_OK; i++) {
        extremes->plan[i] = *plan;
        extremes->plan[i].machine.dma = policies[i];
        status = run_one(&extremes->plan[i], &extremes->log[i], failure);
    }
    if (status != STATUS_OK)
        extremes_free(extremes);
    return status;
}

void extremes_free(struct extremes *extremes)
{
    for (unsigned i = 0; i < EXTREMES; i++)
        wire_log_free(&extremes->log[i]);
}

/* ---- Comparing ------------------------------------------------------------------------------- */

static bool differ(const struct extremes *extremes, const struct witness *witness)
{
    return witness->packet[EXTREME_EAGER] && witness->packet[EXTREME_LAZY] &&
           !wire_packets_equal(&extremes->log[EXTREME_EAGER], witness->packet[EXTREME_EAGER],
                               &extremes->log[EXTREME_LAZY], witness->packet[EXTREME_LAZY]);
}

/* How many transfers were started at `pc`, up to number `last`. */
static uint32_t count_starts(const struct wire_log *log, guest_addr pc, uint32_t last)
{
    uint32_t count = 0;

    for (uint32_t number = 1; number <= last; number++)
        count += wire_log_start(log, number) == pc;
    return count;
}

/* The transfer that was started at `pc` for the nth time (from 1); 0 when there was none. */
static uint32_t nth_start(const struct wire_log *log, guest_addr pc, uint32_t n)
{
    for (uint32_t number = 1; number < log->start_room; number++) {
        if (wire_log_start(log, number) == pc && --n == 0)
            return number;
    }
    return 0;
}

/* Other timings have other numbers for the same transfer: it is known by its start. */
static bool same_transfer_differs(const struct extremes *extremes, guest_addr pc, uint32_t n,
                                  struct witness *witness, bool *gone)
{
    *gone = false;
    for (unsigned i = 0; i < EXTREMES; i++) {
        uint32_t number = nth_start(&extremes->log[i], pc, n);

        *gone |= !number;
        witness->packet[i] = number ? wire_log_packet_of(&extremes->log[i], number) : NULL;
    }
    return differ(extremes, witness);
}

static bool one_differs(const struct extremes *extremes, const struct wire_packets *eager,
                        const struct wire_packets *lazy, struct witness *witness)
{
    for (size_t i = 0; i < eager->count && i < lazy->count; i++) {
        *witness = (struct witness){{&eager->packet[i], &lazy->packet[i]}};
        if (differ(extremes, witness))
            return true;
    }
    return false;
}

static bool any_packet_differs(const struct extremes *extremes, struct witness *witness)
{
    const struct wire_log *eager = &extremes->log[EXTREME_EAGER];
    const struct wire_log *lazy = &extremes->log[EXTREME_LAZY];

    return one_differs(extremes, &eager->usb, &lazy->usb, witness) ||
           one_differs(extremes, &eager->serial, &lazy->serial, witness);
}

bool extremes_witness(const struct extremes *extremes, const struct wire_log *log,
                      const struct finding *finding, struct witness *witness)
{
    guest_addr pc = finding->transfer.start.pc;
    bool gone = finding->transfer.direction != DMA_READS_RAM;

    for (uint32_t n = count_starts(log, pc, finding->transfer.number); !gone; n++) {
        if (same_transfer_differs(extremes, pc, n, witness, &gone))
            return true;
    }
    return any_packet_differs(extremes, witness);
}
