/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/check/checker.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/check/family.h"
#include "sim/check/findings.h"

#include <assert.h>
#include <string.h>

struct checker {
    struct checker_counts counts; /* plain state, one registered region */
    struct transfers transfers;   /* open */
    struct transfers released;    /* observed as complete, and not used again yet */
    struct findings findings;
    struct trace *trace;
    struct checker_options options;
    struct family_memory *memory; /* of each family, in the order of `families` */
};

/* Whole pages, so that a snapshot copies them only once they are in use. */
struct family_memory {
    void *bytes; /* plain state, one registered region */
    void *empty; /* its baseline: all zeros */
    uint32_t changed[1];
};

static const struct rule_family *const families[] = {
    &ownership_rules, &fence_rules, &peripheral_rules, &buffer_rules,
    &stack_rules,     &heap_rules,  &turn_rules};

static const uint32_t kinds_seen =
    TRACE_KIND(CPU_STORE) | TRACE_KIND(CPU_LOAD) | TRACE_KIND(DMA_OPEN) | TRACE_KIND(DMA_CAPTURE) |
    TRACE_KIND(DMA_WORD) | TRACE_KIND(DMA_KNOWN) | TRACE_KIND(BARRIER) | TRACE_KIND(DMA_CLOSE) |
    TRACE_KIND(DMA_OBSERVED) | TRACE_KIND(UNMODELLED) | TRACE_KIND(RESET);

bool checker_rule_is_on(const struct checker *checker, enum rule_id rule)
{
    return !(checker->options.rules_off & rule_bit(rule));
}

enum severity checker_severity(const struct checker *checker, enum rule_id rule)
{
    return checker->findings.severity[rule];
}

void checker_report_access(struct checker *checker, enum rule_id rule,
                           const struct transfer *transfer, const struct observation *access)
{
    if (checker_rule_is_on(checker, rule) &&
        !findings_add_access(&checker->findings, rule, transfer, access))
        checker->counts.findings_lost++;
}

void checker_report(struct checker *checker, enum rule_id rule, const struct transfer *transfer,
                    const struct site *site, struct byte_range about)
{
    if (checker_rule_is_on(checker, rule) &&
        !findings_add_event(&checker->findings, rule, transfer, site ? site : &transfer->start,
                            about))
        checker->counts.findings_lost++;
}

void checker_add_uninitialised(struct checker *checker, const struct transfer *transfer,
                               const uint8_t map[EVIDENCE_BYTES / 8])
{
    if (checker_rule_is_on(checker, RULE_BUF005) &&
        !findings_add_bytes(&checker->findings, RULE_BUF005, transfer, map))
        checker->counts.findings_lost++;
}

void checker_tell_store(struct checker *checker, unsigned index, const struct site *site)
{
    struct finding *finding = findings_at(&checker->findings, index);

    assert(finding->kind == FINDING_RELEASE);
    finding->site_known = true;
    memcpy(&finding->site, site, sizeof *site);
}

void checker_report_overlap(struct checker *checker, enum rule_id rule,
                            const struct transfer *older, const struct transfer *newer)
{
    if (checker_rule_is_on(checker, rule) &&
        !findings_add_overlap(&checker->findings, rule, older, newer))
        checker->counts.findings_lost++;
}

void checker_report_release(struct checker *checker, enum rule_id rule,
                            const struct transfer *transfer, const struct recent_store *store,
                            bool compiler_ordered)
{
    if (checker_rule_is_on(checker, rule) &&
        !findings_add_release(&checker->findings, rule, transfer, store, compiler_ordered))
        checker->counts.findings_lost++;
}

void checker_report_acquire(struct checker *checker, enum rule_id rule,
                            const struct transfer *transfer, const struct observation *access)
{
    if (checker_rule_is_on(checker, rule) &&
        !findings_add_acquire(&checker->findings, rule, transfer, access,
                              transfer->compiler_ordered))
        checker->counts.findings_lost++;
}

void checker_report_misuse(struct checker *checker, enum rule_id rule, const struct site *site,
                           const struct obs_misuse *misuse)
{
    const struct transfer *transfer =
        misuse->transfer ? transfers_find(&checker->transfers, misuse->transfer) : NULL;

    if (checker_rule_is_on(checker, rule) &&
        !findings_add_misuse(&checker->findings, rule, transfer, site, misuse))
        checker->counts.findings_lost++;
}

static struct family_memory *memory_of(struct checker *checker, const struct rule_family *family)
{
    unsigned i = 0;

    while (families[i] != family)
        i++;
    return &checker->memory[i];
}

static size_t memory_pages(const struct rule_family *family)
{
    return (family->memory_size + STATE_PAGE - 1) / STATE_PAGE;
}

const void *checker_memory(struct checker *checker, const struct rule_family *family)
{
    return memory_of(checker, family)->bytes;
}

void *checker_change_memory(struct checker *checker, const struct rule_family *family)
{
    struct family_memory *memory = memory_of(checker, family);

    memory->changed[0] = UINT32_MAX >> (32 - memory_pages(family));
    return memory->bytes;
}

struct transfers *checker_transfers(struct checker *checker)
{
    return &checker->transfers;
}

struct transfers *checker_released(struct checker *checker)
{
    return &checker->released;
}

struct trace *checker_trace(struct checker *checker)
{
    return checker->trace;
}

const struct checker_options *checker_asked(const struct checker *checker)
{
    return &checker->options;
}

static void tell_opened(struct checker *checker, const struct transfer *transfer)
{
    for (unsigned i = 0; i < ARRAY_LENGTH(families); i++) {
        if (families[i]->opened)
            families[i]->opened(checker, transfer);
    }
}

static void tell_released(struct checker *checker, const struct transfer *transfer)
{
    for (unsigned i = 0; i < ARRAY_LENGTH(families); i++) {
        if (families[i]->released)
            families[i]->released(checker, transfer);
    }
}

/* The window is the CPU's again. */
static void release(struct checker *checker, struct transfer *transfer, enum transfer_fate fate,
                    sim_time when)
{
    transfer->fate = (uint8_t)fate;
    transfer->released = when;
    if (fate == TRANSFER_OBSERVED && transfer->observed_pc)
        transfers_keep(&checker->released, transfer);
    tell_released(checker, transfer);
    findings_follow(&checker->findings, transfer);
    transfers_close(&checker->transfers, transfer);
}

/* The channel or the window of `transfer` is used anew: nobody asks for the old use any more. */
static void forget_released(struct checker *checker, const struct transfer *transfer)
{
    struct transfer *old;
    unsigned cursor = 0;

    while ((old = transfers_next(&checker->released, &cursor))) {
        if (old->channel == transfer->channel || ranges_overlap(old->window, transfer->window))
            transfers_close(&checker->released, old);
    }
}

static void on_open(struct checker *checker, const struct observation *seen)
{
    struct transfer *transfer;

    checker->counts.transfers++;
    transfer = transfers_open(&checker->transfers, seen);
    if (transfer) {
        checker->counts.windows += transfer->in_ram;
        forget_released(checker, transfer);
        tell_opened(checker, transfer);
    } else {
        checker->counts.not_followed++;
    }
}

static void on_capture(struct checker *checker, const struct observation *seen)
{
    struct transfer *transfer = transfers_find(&checker->transfers, seen->dma_open.transfer);
    struct byte_range window;

    if (!transfer)
        return;
    window = transfer->window;
    transfers_capture(&checker->transfers, transfer, seen);
    if (window.start != transfer->window.start || window.size != transfer->window.size)
        tell_opened(checker, transfer);
    findings_follow(&checker->findings, transfer);
}

static void on_word(struct checker *checker, const struct observation *seen)
{
    struct transfer *transfer = transfers_find(&checker->transfers, seen->dma_word.transfer);

    checker->counts.bytes += seen->dma_word.size;
    if (!transfer)
        return;
    transfers_word(&checker->transfers, transfer, seen);
    findings_follow(&checker->findings, transfer);
}

static void on_known(struct checker *checker, const struct observation *seen)
{
    struct transfer *transfer = transfers_find(&checker->transfers, seen->dma_close.transfer);

    if (transfer && transfer->known < seen->dma_close.amount)
        transfer->known = seen->dma_close.amount;
}

static void on_close(struct checker *checker, const struct observation *seen)
{
    struct transfer *transfer = transfers_find(&checker->transfers, seen->dma_close.transfer);

    if (!transfer)
        return;
    transfer->ended = seen->when;
    if (seen->dma_close.how == DMA_DROPPED)
        release(checker, transfer, TRANSFER_DROPPED, seen->when);
    else
        findings_follow(&checker->findings, transfer);
}

static void on_observed(struct checker *checker, const struct observation *seen)
{
    struct transfer *transfer = transfers_find(&checker->transfers, seen->dma_close.transfer);
    bool by_event = seen->dma_close.event != 0; /* else the channel was started again */

    if (!transfer)
        return;
    transfer->observed_event = seen->dma_close.event;
    transfer->observed_pc = seen->dma_close.pc;
    release(checker, transfer, by_event ? TRANSFER_OBSERVED : TRANSFER_REPLACED, seen->when);
}

static void on_system_reset(struct checker *checker, sim_time when)
{
    struct transfer *transfer;
    unsigned cursor = 0;

    while ((transfer = transfers_next(&checker->transfers, &cursor)))
        release(checker, transfer, TRANSFER_RESET, when);
    for (cursor = 0; (transfer = transfers_next(&checker->released, &cursor));)
        transfers_close(&checker->released, transfer);
}

static void ask(struct checker *checker, const struct transfer *transfer,
                const struct observation *access)
{
    for (unsigned i = 0; i < ARRAY_LENGTH(families); i++) {
        if (families[i]->accessed)
            families[i]->accessed(checker, transfer, access);
    }
}

static void tell_used_again(struct checker *checker, const struct transfer *transfer,
                            const struct observation *access)
{
    for (unsigned i = 0; i < ARRAY_LENGTH(families); i++) {
        if (families[i]->used_again)
            families[i]->used_again(checker, transfer, access);
    }
}

static void on_access_to_released(struct checker *checker, const struct observation *seen)
{
    uint32_t kind = seen->kind == OBS_CPU_STORE ? WATCH_STORES : WATCH_LOADS;
    struct byte_range range = {seen->access.address, seen->access.size};
    struct transfer *transfer;
    unsigned cursor = 0;

    while ((transfer = transfers_next(&checker->released, &cursor))) {
        if (!(transfer->watched & kind) || !ranges_overlap(transfer->window, range))
            continue;
        tell_used_again(checker, transfer, seen);
        transfers_close(&checker->released, transfer);
    }
}

/* What of the window is still the engine's, as far as the CPU knows. */
static struct byte_range owned_part(const struct transfer *transfer)
{
    struct byte_range window = transfer->window;
    uint32_t known = transfer->known < window.size ? transfer->known : window.size;

    return (struct byte_range){window.start + known, window.size - known};
}

static void on_access(struct checker *checker, const struct observation *seen)
{
    const struct obs_access *access = &seen->access;
    uint32_t kind = seen->kind == OBS_CPU_STORE ? WATCH_STORES : WATCH_LOADS;
    struct byte_range range = {access->address, access->size};
    struct transfer *transfer;
    unsigned cursor = 0;
    uint8_t bytes[8];

    store_le(bytes, access->size, access->after);
    if (seen->kind == OBS_CPU_STORE)
        transfers_ram_written(&checker->transfers, access->address, bytes, access->size);
    while ((transfer = transfers_next(&checker->transfers, &cursor))) {
        if (!(transfer->watched & kind) || !ranges_overlap(owned_part(transfer), range))
            continue;
        checker->counts.accesses++;
        ask(checker, transfer, seen);
        findings_follow(&checker->findings, transfer);
    }
    on_access_to_released(checker, seen);
}

/* Keeps the table of open transfers, and asks about accesses to them. */
static void follow(struct checker *checker, const struct observation *seen)
{
    if (seen->kind == OBS_CPU_STORE || seen->kind == OBS_CPU_LOAD)
        on_access(checker, seen);
    else if (seen->kind == OBS_DMA_OPEN)
        on_open(checker, seen);
    else if (seen->kind == OBS_DMA_CAPTURE)
        on_capture(checker, seen);
    else if (seen->kind == OBS_DMA_WORD)
        on_word(checker, seen);
    else if (seen->kind == OBS_DMA_KNOWN)
        on_known(checker, seen);
    else if (seen->kind == OBS_DMA_CLOSE)
        on_close(checker, seen);
    else if (seen->kind == OBS_DMA_OBSERVED)
        on_observed(checker, seen);
    else if (seen->kind == OBS_UNMODELLED)
        checker->counts.unmodelled++;
    else if (seen->kind == OBS_BARRIER)
        checker->counts.barriers += seen->barrier.kind != BARRIER_ISB;
    else if (seen->kind == OBS_RESET)
        on_system_reset(checker, seen->when);
}

static void see(void *owner, const struct observation *seen)
{
    struct checker *checker = owner;

    follow(checker, seen);
    for (unsigned i = 0; i < ARRAY_LENGTH(families); i++) {
        if (families[i]->kinds >> seen->kind & 1)
            families[i]->saw(checker, seen);
    }
}

static void register_memory(struct family_memory *memory, struct state *state,
                            const struct rule_family *family)
{
    size_t pages = memory_pages(family);

    assert(pages <= 32); /* `changed` is one word */
    memory->bytes = heap_allocate(pages, STATE_PAGE);
    memory->empty = heap_allocate(pages, STATE_PAGE);
    state_register_paged(state, family->memory_name, memory->bytes, pages * STATE_PAGE,
                         memory->empty, memory->changed);
}

static void add_family(struct checker *checker, struct state *state, unsigned index,
                       uint32_t watch[2], uint32_t watch_released[2])
{
    const struct rule_family *family = families[index];

    if (family->watches) {
        watch[DMA_READS_RAM] |= family->watches(checker, DMA_READS_RAM);
        watch[DMA_WRITES_RAM] |= family->watches(checker, DMA_WRITES_RAM);
    }
    if (family->watches_released) {
        watch_released[DMA_READS_RAM] |= family->watches_released(checker, DMA_READS_RAM);
        watch_released[DMA_WRITES_RAM] |= family->watches_released(checker, DMA_WRITES_RAM);
    }
    if (family->memory_size)
        register_memory(&checker->memory[index], state, family);
}

struct checker *checker_create(struct trace *trace, struct state *state,
                               const struct checker_options *options)
{
    struct checker *checker = heap_allocate(1, sizeof *checker);
    uint32_t kinds = kinds_seen;
    uint32_t watch[2] = {0, 0};
    uint32_t watch_released[2] = {0, 0};

    checker->trace = trace;
    if (options)
        checker->options = *options;
    if (checker->options.fences == FENCES_OFF)
        checker->options.rules_off |= rule_bit(RULE_FEN001) | rule_bit(RULE_FEN002);
    checker->memory = heap_allocate(ARRAY_LENGTH(families), sizeof *checker->memory);
    for (unsigned i = 0; i < ARRAY_LENGTH(families); i++) {
        add_family(checker, state, i, watch, watch_released);
        kinds |= families[i]->kinds;
    }
    transfers_init(&checker->transfers, "check.transfers", trace, state, watch);
    transfers_init(&checker->released, "check.released", trace, state, watch_released);
    findings_init(&checker->findings, trace, state);
    if (checker->options.fences == FENCES_ERROR) {
        checker->findings.severity[RULE_FEN001] = SEVERITY_ERROR;
        checker->findings.severity[RULE_FEN002] = SEVERITY_ERROR;
    }
    state_register(state, "check.counts", &checker->counts, sizeof checker->counts);
    trace_subscribe(trace, kinds, see, checker);
    return checker;
}

void checker_destroy(struct checker *checker)
{
    if (!checker)
        return;
    transfers_finish(&checker->transfers);
    transfers_finish(&checker->released);
    findings_finish(&checker->findings);
    for (unsigned i = 0; i < ARRAY_LENGTH(families); i++) {
        heap_release(checker->memory[i].bytes);
        heap_release(checker->memory[i].empty);
    }
    heap_release(checker->memory);
    heap_release(checker);
}

void checker_reset(struct checker *checker)
{
    transfers_forget(&checker->transfers);
    transfers_forget(&checker->released);
    findings_forget(&checker->findings);
    for (unsigned i = 0; i < ARRAY_LENGTH(families); i++) {
        if (families[i]->memory_size)
            memset(checker->memory[i].bytes, 0, families[i]->memory_size);
        checker->memory[i].changed[0] = 0;
    }
    memset(&checker->counts, 0, sizeof checker->counts);
}

unsigned checker_finding_count(const struct checker *checker)
{
    return findings_count(&checker->findings);
}

const struct finding *checker_finding(const struct checker *checker, unsigned index)
{
    return findings_get(&checker->findings, index);
}

const struct checker_counts *checker_counted(const struct checker *checker)
{
    return &checker->counts;
}
