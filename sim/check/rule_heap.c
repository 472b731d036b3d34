/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Buffers on the heap: a block must not be given back while EasyDMA works in it.
 *
 * How long a block is shows when it is handed out: the size is an argument, the block the result.
 * Of a block that was never seen being handed out only its address is known, and only a window that
 * starts there is taken to lie in it. Allocators call each other (malloc, _malloc_r): the first
 * call that gives a block back is the guilty one, and a transfer is reported once.
 */
#include "sim/check/family.h"
#include "sim/check/heap.h"

#include <string.h>

enum {
    BLOCKS = 512, /* remembered at a time; of more the oldest is forgotten */
    FREED = 64,   /* given back, remembered until they are handed out again */
    CALLS = 16,   /* calls under way, nested */
};

/* A call that has not returned. */
struct heap_call {
    uint32_t tag;
    guest_addr returns_to;
    guest_addr block;
    uint32_t size;
};

/* Plain state without padding. */
struct heap_memory {
    struct byte_range block[BLOCKS]; /* size 0: not in use */
    uint32_t next;                   /* the entry that is taken next */
    uint32_t calls;
    struct heap_call call[CALLS];
    struct byte_range freed[FREED]; /* size 0: not in use */
    uint32_t next_freed;
    uint32_t unused2;
    uint32_t reported[TRANSFER_SLOTS]; /* numbers of open transfers */
    struct site reallocating;          /* the outermost call of realloc under way */
    uint32_t unused;
    guest_addr reallocated; /* its block, 0: none is under way */
};

static struct heap_memory *change_memory(struct checker *checker)
{
    return checker_change_memory(checker, &heap_rules);
}

/* ---- Blocks ---------------------------------------------------------------------------------- */

static void forget_blocks(struct heap_memory *memory, struct byte_range range)
{
    for (unsigned i = 0; i < BLOCKS; i++) {
        if (ranges_overlap(memory->block[i], range))
            memory->block[i] = (struct byte_range){0, 0};
    }
}

/* Memory that was given back belongs to somebody again. */
static void forget_freed(struct heap_memory *memory, struct byte_range range)
{
    for (unsigned i = 0; i < FREED; i++) {
        if (ranges_overlap(memory->freed[i], range))
            memory->freed[i] = (struct byte_range){0, 0};
    }
}

static void remember_freed(struct heap_memory *memory, struct byte_range block)
{
    if (!block.size)
        return;
    forget_freed(memory, block);
    memory->freed[memory->next_freed] = block;
    memory->next_freed = (memory->next_freed + 1) % FREED;
}

static void remember_block(struct heap_memory *memory, struct byte_range block)
{
    if (!block.start || !block.size)
        return;
    forget_freed(memory, block);
    forget_blocks(memory, block); /* of which nobody saw how they were given back */
    memory->block[memory->next] = block;
    memory->next = (memory->next + 1) % BLOCKS;
}

/* The block at `address`; one of unknown length has size 0. */
static struct byte_range block_at(const struct heap_memory *memory, guest_addr address)
{
    for (unsigned i = 0; i < BLOCKS; i++) {
        if (memory->block[i].size && memory->block[i].start == address)
            return memory->block[i];
    }
    return (struct byte_range){address, 0};
}

static bool lies_in(struct byte_range block, struct byte_range window)
{
    return block.size ? ranges_overlap(block, window) : block.start == window.start;
}

/* ---- Giving back ----------------------------------------------------------------------------- */

static uint32_t *find_reported(struct heap_memory *memory, uint32_t transfer)
{
    for (unsigned i = 0; i < TRANSFER_SLOTS; i++) {
        if (memory->reported[i] == transfer)
            return &memory->reported[i];
    }
    return NULL;
}

/* The call that returns to `address`; it ends two bytes before, whether BL or BLX. */
static void step_back_to_call(struct site *site, guest_addr address)
{
    if ((address & ~1u) < 2 || address >= 0xf0000000)
        return; /* not called but entered in another way */
    site->pc = (address & ~1u) - 2;
    site->r[15] = site->pc;
}

/* The call that gives `block` back. */
static void guilty_site(struct checker *checker, struct byte_range block, guest_addr returns_to,
                        struct site *site)
{
    const struct heap_memory *memory = checker_memory(checker, &heap_rules);

    if (memory->reallocated == block.start) {
        memcpy(site, &memory->reallocating, sizeof *site);
        return;
    }
    trace_site(checker_trace(checker), site);
    step_back_to_call(site, returns_to);
}

/* `block` is given back, but for what `kept` covers. */
static void give_back(struct checker *checker, struct byte_range block, struct byte_range kept,
                      guest_addr returns_to)
{
    struct heap_memory *memory = change_memory(checker);
    struct transfer *transfer;
    unsigned cursor = 0;
    struct site site;

    while ((transfer = transfers_next(checker_transfers(checker), &cursor))) {
        if (!transfer->in_ram || !lies_in(block, transfer->window) ||
            (kept.size && range_covers(kept, transfer->window)) ||
            find_reported(memory, transfer->number))
            continue;
        guilty_site(checker, block, returns_to, &site);
        checker_report(checker, RULE_BUF004, transfer, &site, block);
        *find_reported(memory, 0) = transfer->number; /* there are as many as open transfers */
    }
}

/*
 * A start with the pointer of an older transfer, into a block that was freed since (BUF007). With a
 * pointer of its own it might be a block of an allocator nobody knows of.
 */
static void opened(struct checker *checker, const struct transfer *transfer)
{
    const struct heap_memory *memory = checker_memory(checker, &heap_rules);

    for (unsigned i = 0; transfer->in_ram && transfer->ptr_kept && i < FREED; i++) {
        if (ranges_overlap(memory->freed[i], transfer->window)) {
            checker_report(checker, RULE_BUF007, transfer, NULL, memory->freed[i]);
            return;
        }
    }
}

static void released(struct checker *checker, const struct transfer *transfer)
{
    const struct heap_memory *memory = checker_memory(checker, &heap_rules);

    for (unsigned i = 0; i < TRANSFER_SLOTS; i++) {
        if (memory->reported[i] == transfer->number)
            change_memory(checker)->reported[i] = 0;
    }
}

/* ---- Calls ----------------------------------------------------------------------------------- */

/* More than CALLS deep: the outermost are forgotten. */
static void note_call(struct heap_memory *memory, struct heap_call call)
{
    if (memory->calls == CALLS) {
        memory->calls--;
        memmove(memory->call, memory->call + 1, memory->calls * sizeof memory->call[0]);
    }
    memory->call[memory->calls++] = call;
}

/* The call that returns now; those within it that did not return never will. */
static bool end_call(struct heap_memory *memory, const struct obs_call *seen,
                     struct heap_call *call)
{
    for (uint32_t i = memory->calls; i-- > 0;) {
        *call = memory->call[i];
        if (call->tag != seen->tag || (call->returns_to & ~1u) != (seen->pc & ~1u))
            continue;
        memset(&memory->call[i], 0, (memory->calls - i) * sizeof memory->call[0]);
        memory->calls = i;
        return true;
    }
    return false;
}

static uint32_t size_asked(const struct heap_function *function, const uint32_t *r)
{
    uint64_t size = r[function->size];

    if (function->act == HEAP_CALLOC)
        size *= r[function->size + 1];
    return size > UINT32_MAX ? 0 : (uint32_t)size;
}

static void begin_realloc(struct checker *checker, guest_addr block, guest_addr returns_to)
{
    struct heap_memory *memory = change_memory(checker);

    if (!block || memory->reallocated == block)
        return;
    memory->reallocated = block;
    trace_site(checker_trace(checker), &memory->reallocating);
    step_back_to_call(&memory->reallocating, returns_to);
}

static void on_call(struct checker *checker, const struct heap_function *function,
                    const struct obs_call *seen)
{
    struct heap_memory *memory = change_memory(checker);
    guest_addr pointer = seen->r[function->pointer];

    if (function->act == HEAP_REALLOC)
        begin_realloc(checker, pointer, seen->lr);
    if (function->act != HEAP_FREE) {
        note_call(memory, (struct heap_call){.tag = seen->tag,
                                             .returns_to = seen->lr,
                                             .block = pointer,
                                             .size = size_asked(function, seen->r)});
    } else if (pointer) {
        struct byte_range block = block_at(memory, pointer);

        give_back(checker, block, (struct byte_range){0, 0}, seen->lr);
        forget_blocks(memory, block);
        remember_freed(memory, block);
    }
}

/* A result of NULL leaves the old block as it was. */
static void on_reallocated(struct checker *checker, const struct heap_call *call, guest_addr result)
{
    struct heap_memory *memory = change_memory(checker);
    struct byte_range old = block_at(memory, call->block);
    struct byte_range new = {result, call->size};

    if (result && call->block)
        give_back(checker, old, result == call->block ? new : (struct byte_range){0, 0},
                  call->returns_to);
    if (result) {
        forget_blocks(memory, old);
        remember_block(memory, new);
    }
    if (memory->reallocated == call->block)
        memory->reallocated = 0;
}

static void on_return(struct checker *checker, const struct heap_function *function,
                      const struct obs_call *seen)
{
    struct heap_call call;

    if (!end_call(change_memory(checker), seen, &call))
        return;
    if (function->act == HEAP_REALLOC)
        on_reallocated(checker, &call, seen->r[0]);
    else
        remember_block(change_memory(checker), (struct byte_range){seen->r[0], call.size});
}

static void saw(struct checker *checker, const struct observation *seen)
{
    struct heap_function function;

    if (!heap_of_tag(seen->call.tag, &function))
        return;
    if (seen->kind == OBS_CALL)
        on_call(checker, &function, &seen->call);
    else
        on_return(checker, &function, &seen->call);
}

const struct rule_family heap_rules = {.opened = opened,
                                       .released = released,
                                       .kinds = TRACE_KIND(CALL) | TRACE_KIND(RETURN),
                                       .saw = saw,
                                       .memory_name = "check.heap",
                                       .memory_size = sizeof(struct heap_memory)};
