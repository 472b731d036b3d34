/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/uninitialised.h"

#include "sim/base/heap.h"

#include <string.h>

/* Changes bits in both directions whatever the first pattern was: half of them. */
enum { OTHER_PATTERN = 0xa5 };

/* A transfer that sent such bytes. */
struct leak {
    uint32_t transfer;
    uint8_t map[EVIDENCE_BYTES / 8]; /* bit n: byte n of the window */
};

struct leaks {
    struct leak *leak;
    size_t count;
    size_t room;
};

/* ---- Comparing ------------------------------------------------------------------------------- */

static struct leak *leak_of(struct leaks *leaks, uint32_t transfer)
{
    /* Packets of one transfer follow each other: a packet is sent again when its ACK is lost. */
    if (leaks->count && leaks->leak[leaks->count - 1].transfer == transfer)
        return &leaks->leak[leaks->count - 1];
    if (leaks->count == leaks->room) {
        leaks->room = leaks->room ? 2 * leaks->room : 16;
        leaks->leak = heap_resize(leaks->leak, leaks->room * sizeof *leaks->leak);
    }
    leaks->leak[leaks->count] = (struct leak){.transfer = transfer};
    return &leaks->leak[leaks->count++];
}

static bool same_but_for_bytes(const struct wire_packet *one, const struct wire_packet *two)
{
    return one->when == two->when && one->transfer == two->transfer &&
           one->endpoint == two->endpoint && one->pid == two->pid && one->size == two->size &&
           one->channel == two->channel;
}

static void compare_bytes(struct leaks *leaks, const struct wire_packet *packet, const uint8_t *one,
                          const uint8_t *two)
{
    for (uint32_t i = packet->exchange; i < packet->size && i < EVIDENCE_BYTES; i++) {
        if (one[i] != two[i] && packet->transfer)
            leak_of(leaks, packet->transfer)->map[i / 8] |= (uint8_t)(1u << i % 8);
    }
}

/* The packets of both runs, up to the first that is another one, which goes to `result` if it is
 * the first of all. */
static void compare(const struct wire_log *one, const struct wire_packets *ones,
                    const struct wire_log *two, const struct wire_packets *twos,
                    struct leaks *leaks, struct uninitialised *result)
{
    size_t shorter = ones->count < twos->count ? ones->count : twos->count;
    size_t i = 0;

    for (; i < shorter && same_but_for_bytes(&ones->packet[i], &twos->packet[i]); i++)
        compare_bytes(leaks, &ones->packet[i], wire_log_payload(one, &ones->packet[i]),
                      wire_log_payload(two, &twos->packet[i]));
    result->compared += i;
    if (i < ones->count || i < twos->count) {
        const struct wire_packet *other = i < ones->count ? &ones->packet[i] : &twos->packet[i];

        if (!result->diverged || other->when < result->when)
            result->packet = *other;
        result->when = result->packet.when;
        result->diverged = true;
    }
}

static enum status run_with_other_memory(const struct plan *plan, struct wire_log *log,
                                         struct failure *failure)
{
    struct plan other = *plan;
    struct machine *machine;
    enum status status;

    other.machine.ram_pattern ^= OTHER_PATTERN;
    status = plan_build(&other, &machine, failure);
    if (status != STATUS_OK)
        return status;
    wire_log_attach(log, machine_trace(machine));
    (void)plan_run(&other, machine);
    machine_destroy(machine);
    return STATUS_OK;
}

/* ---- Telling: the first run once more, with an eye on the transfers concerned -----------------
 */

struct telling {
    const struct leaks *leaks;
    struct transfers open;
    struct checker *checker;
};

static const struct leak *find_leak(const struct leaks *leaks, uint32_t transfer)
{
    for (size_t i = 0; i < leaks->count; i++) {
        if (leaks->leak[i].transfer == transfer)
            return &leaks->leak[i];
    }
    return NULL;
}

static void tell(struct telling *telling, struct transfer *transfer)
{
    checker_add_uninitialised(telling->checker, transfer,
                              find_leak(telling->leaks, transfer->number)->map);
    transfers_close(&telling->open, transfer);
}

static void follow(struct telling *telling, struct transfer *transfer,
                   const struct observation *seen)
{
    if (seen->kind == OBS_DMA_CAPTURE) {
        transfers_capture(&telling->open, transfer, seen);
    } else if (seen->kind == OBS_DMA_WORD) {
        transfers_word(&telling->open, transfer, seen);
    } else if (seen->kind == OBS_DMA_CLOSE) {
        transfer->ended = seen->when;
    } else {
        transfer->released = seen->when;
        transfer->observed_event = seen->dma_close.event;
        transfer->observed_pc = seen->dma_close.pc;
        transfer->fate = (uint8_t)(seen->dma_close.event ? TRANSFER_OBSERVED : TRANSFER_REPLACED);
        tell(telling, transfer);
    }
}

static uint32_t transfer_of(const struct observation *seen)
{
    if (seen->kind == OBS_DMA_CAPTURE)
        return seen->dma_open.transfer;
    return seen->kind == OBS_DMA_WORD ? seen->dma_word.transfer : seen->dma_close.transfer;
}

static void see(void *owner, const struct observation *seen)
{
    struct telling *telling = owner;
    struct transfer *transfer;

    if (seen->kind == OBS_DMA_OPEN) {
        if (find_leak(telling->leaks, seen->dma_open.transfer))
            (void)transfers_open(&telling->open, seen);
        return;
    }
    transfer = transfers_find(&telling->open, transfer_of(seen));
    if (transfer)
        follow(telling, transfer, seen);
}

static enum status tell_leaks(const struct plan *plan, const struct leaks *leaks,
                              struct checker *checker, struct failure *failure)
{
    static const uint32_t nothing[2] = {0, 0};
    struct telling telling = {.leaks = leaks, .checker = checker};
    struct transfer *transfer;
    struct machine *machine;
    unsigned cursor = 0;
    enum status status = plan_build(plan, &machine, failure);

    if (status != STATUS_OK)
        return status;
    transfers_init(&telling.open, "explore.transfers", machine_trace(machine),
                   machine_state(machine), nothing);
    trace_subscribe(machine_trace(machine),
                    TRACE_KIND(DMA_OPEN) | TRACE_KIND(DMA_CAPTURE) | TRACE_KIND(DMA_WORD) |
                        TRACE_KIND(DMA_CLOSE) | TRACE_KIND(DMA_OBSERVED),
                    see, &telling);
    (void)plan_run(plan, machine);
    while ((transfer = transfers_next(&telling.open, &cursor)))
        tell(&telling, transfer);
    machine_destroy(machine);
    transfers_finish(&telling.open);
    return STATUS_OK;
}

enum status uninitialised_search(const struct plan *plan, const struct wire_log *log,
                                 struct checker *checker, struct uninitialised *result,
                                 struct failure *failure)
{
    struct wire_log other = {0};
    struct leaks leaks = {0};
    enum status status;

    *result = (struct uninitialised){0};
    status = run_with_other_memory(plan, &other, failure);
    if (status == STATUS_OK) {
        compare(log, &log->usb, &other, &other.usb, &leaks, result);
        compare(log, &log->serial, &other, &other.serial, &leaks, result);
        if (leaks.count)
            status = tell_leaks(plan, &leaks, checker, failure);
    }
    wire_log_free(&other);
    heap_release(leaks.leak);
    return status;
}
