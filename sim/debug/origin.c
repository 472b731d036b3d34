/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who wrote a byte, and where the bytes of a packet came from. Nothing is recorded for it while the
 * firmware runs: the past runs again with somebody watching.
 */
#include "sim/debug/target_state.h"

#include "sim/base/heap.h"

#include <stdio.h>
#include <string.h>

/* ---- Who wrote it ---------------------------------------------------------------------------- */

/* One look back. The latest part of the past is seen first, so what is known already stays. */
struct ledger {
    struct target *target;
    struct byte_range range;
    const struct byte_origin *limits; /* a byte's writer came before it was carried; NULL: none */
    struct writer *writers;
    struct writer *part; /* what the part under way has shown */
    uint8_t *first;      /* the bytes at its beginning */
    uint8_t *then;       /* the bytes at the beginning of the part behind it */
    bool edited;         /* by hand, between the two */
    unsigned open;       /* bytes whose writer is not known */
};

static bool comes_too_late(const struct ledger *ledger, uint32_t index, sim_time when)
{
    return ledger->limits && when > ledger->limits[index].carried_at;
}

static void note_writer(void *owner, struct byte_range range, enum writer_kind kind)
{
    struct ledger *ledger = owner;
    struct writer writer = {.kind = kind};

    trace_site(ledger->target->report.trace, &writer.site);
    writer.when = writer.site.when;
    for (uint32_t i = 0; i < ledger->range.size; i++) {
        if (range_contains(range, ledger->range.start + i) &&
            !comes_too_late(ledger, i, writer.when))
            ledger->part[i] = writer;
    }
}

static void conclude(struct ledger *ledger, uint32_t index, const struct writer *writer)
{
    if (ledger->writers[index].kind != WRITER_NOBODY || writer->kind == WRITER_NOBODY)
        return;
    ledger->writers[index] = *writer;
    ledger->open--;
}

static void read_range(const struct ledger *ledger, uint8_t *bytes)
{
    (void)target_read(ledger->target, ledger->range.start, bytes, ledger->range.size);
}

/* The part that ends here was followed by a change by hand: what is different was changed by it. */
static void note_edit(struct ledger *ledger)
{
    sim_time now = machine_now(ledger->target->machine);
    uint8_t *now_there = heap_allocate(ledger->range.size, 1);

    read_range(ledger, now_there);
    for (uint32_t i = 0; i < ledger->range.size; i++) {
        if (now_there[i] != ledger->then[i] && !comes_too_late(ledger, i, now))
            conclude(ledger, i, &(struct writer){.kind = WRITER_HAND, .when = now});
    }
    heap_release(now_there);
}

static bool settle_part(void *owner, bool over, bool edited)
{
    struct ledger *ledger = owner;
    uint8_t *kept = ledger->then;

    if (!over) {
        memset(ledger->part, 0, ledger->range.size * sizeof *ledger->part);
        read_range(ledger, ledger->first);
        return true;
    }
    if (ledger->edited)
        note_edit(ledger);
    for (uint32_t i = 0; i < ledger->range.size; i++)
        conclude(ledger, i, &ledger->part[i]);
    ledger->then = ledger->first;
    ledger->first = kept;
    ledger->edited = edited;
    return ledger->open != 0;
}

static void find_writers(struct target *target, struct byte_range range,
                         const struct byte_origin *limits, struct writer *writers)
{
    struct ledger ledger = {.target = target,
                            .range = {memory_fold(range.start), range.size},
                            .limits = limits,
                            .writers = writers,
                            .part = heap_allocate(range.size, sizeof *writers),
                            .first = heap_allocate(range.size, 1),
                            .then = heap_allocate(range.size, 1),
                            .open = range.size};
    const struct witness witness = {.owner = &ledger, .wrote = note_writer};

    memset(writers, 0, range.size * sizeof *writers);
    past_review(target, ledger.range, &witness, settle_part);
    heap_release(ledger.part);
    heap_release(ledger.first);
    heap_release(ledger.then);
}

void target_last_writers(struct target *target, struct byte_range range, struct writer *writers)
{
    find_writers(target, range, NULL, writers);
}

/* ---- Packets --------------------------------------------------------------------------------- */

const struct target_packet *target_last_packet(const struct target *target, enum usb_sender sender)
{
    return &target->counts.packets[sender];
}

enum { WORDS_MAX = sizeof((struct target_packet *)0)->bytes / 4 + 2 };

/* The words of EasyDMA that carried a packet. */
struct carriage {
    const struct target *target;
    const struct target_packet *packet;
    char channel[16];  /* that fetches the host's packet */
    uint32_t transfer; /* which it is; 0: not known yet */
    sim_time part;     /* when the part under way began */
    bool found;        /* its beginning: there are no more words */
    unsigned count;
    struct carried_word {
        struct byte_range range;
        sim_time when;
    } words[WORDS_MAX];
};

/* A packet of the device names its transfer. One of the host was fetched by the first transfer of
 * its endpoint that began afterwards; those later are seen first. */
static bool carries(struct carriage *carriage, const struct observation *seen, uint32_t transfer,
                    uint16_t channel)
{
    if (carriage->packet->transfer)
        return transfer == carriage->packet->transfer;
    if (seen->when < carriage->packet->when ||
        strcmp(trace_channel(carriage->target->report.trace, channel)->name, carriage->channel) !=
            0)
        return false;
    if (carriage->transfer && transfer > carriage->transfer)
        return false;
    if (transfer != carriage->transfer)
        carriage->count = 0;
    carriage->transfer = transfer;
    return true;
}

static void note_word(void *owner, const struct observation *seen)
{
    struct carriage *carriage = owner;
    const struct obs_dma_word *word = &seen->dma_word;

    if (carries(carriage, seen, word->transfer, word->channel) && carriage->count < WORDS_MAX)
        carriage->words[carriage->count++] =
            (struct carried_word){{word->address, word->size}, seen->when};
}

static void note_opening(void *owner, const struct observation *seen)
{
    struct carriage *carriage = owner;

    if (carriage->packet->transfer == seen->dma_open.transfer)
        carriage->found = true;
}

static bool look_further(void *owner, bool over, bool edited)
{
    struct carriage *carriage = owner;

    (void)edited;
    if (!over)
        carriage->part = machine_now(carriage->target->machine);
    return !over || (!carriage->found &&
                     (carriage->packet->transfer || carriage->part >= carriage->packet->when));
}

static void find_words(struct target *target, struct carriage *carriage)
{
    const struct witness witness = {.owner = carriage, .moved = note_word, .opened = note_opening};
    unsigned endpoint = carriage->packet->endpoint;

    (void)snprintf(carriage->channel, sizeof carriage->channel, "EPOUT[%u]", endpoint);
    if (endpoint == 8)
        (void)snprintf(carriage->channel, sizeof carriage->channel, "ISOOUT");
    past_review(target, (struct byte_range){0, 0}, &witness, look_further);
}

/* The words follow each other without gaps, from the first byte of the packet on. */
static void place_words(const struct carriage *carriage, struct byte_origin *origins)
{
    guest_addr start = UINT32_MAX;

    for (unsigned i = 0; i < carriage->count; i++) {
        if (carriage->words[i].range.start < start)
            start = carriage->words[i].range.start;
    }
    for (unsigned i = 0; i < carriage->count; i++) {
        const struct carried_word *word = &carriage->words[i];

        for (guest_addr at = word->range.start; at < word->range.start + word->range.size; at++) {
            if (at - start < carriage->packet->size)
                origins[at - start] =
                    (struct byte_origin){.carried = true, .carried_at = word->when, .address = at};
        }
    }
}

void target_packet_origins(struct target *target, const struct target_packet *packet,
                           struct byte_origin *origins)
{
    struct carriage carriage = {.target = target, .packet = packet};
    struct writer *writers;

    memset(origins, 0, packet->size * sizeof *origins);
    find_words(target, &carriage);
    place_words(&carriage, origins);
    if (!packet->transfer || !origins[0].carried)
        return;
    writers = heap_allocate(packet->size, sizeof *writers);
    find_writers(target, (struct byte_range){origins[0].address, packet->size}, origins, writers);
    for (unsigned i = 0; i < packet->size; i++)
        origins[i].writer = writers[i];
    heap_release(writers);
}
