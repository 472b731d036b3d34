/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/sharing.h"

#include "sim/base/bits.h"

#include <assert.h>

/* The words of RAM that `range` touches: first and one behind the last. */
static uint32_t first_word(struct byte_range range)
{
    return (range.start - RAM_BASE) / 4;
}

static uint32_t end_word(struct byte_range range)
{
    return (range.start - RAM_BASE + range.size + 3) / 4;
}

static bool is_in_ram(struct byte_range range)
{
    return range.size && range.start - RAM_BASE < RAM_SIZE &&
           range.size <= RAM_SIZE - (range.start - RAM_BASE);
}

static uint64_t bit(unsigned context)
{
    assert(context < SHARING_CONTEXTS);
    return (uint64_t)1 << context;
}

/* Adds bits; a load first, because nearly always they are there already. */
static void add(struct sharing *sharing, uint64_t *set, uint64_t bits)
{
    if ((__atomic_load_n(set, __ATOMIC_RELAXED) & bits) == bits)
        return;
    if ((__atomic_fetch_or(set, bits, __ATOMIC_RELAXED) & bits) != bits)
        __atomic_fetch_add(&sharing->changes, 1, __ATOMIC_RELAXED);
}

void sharing_note_ram(struct sharing *sharing, unsigned context, struct byte_range range,
                      bool store)
{
    if (!is_in_ram(range))
        return;
    for (uint32_t word = first_word(range); word < end_word(range); word++)
        add(sharing, store ? &sharing->stores[word] : &sharing->loads[word], bit(context));
}

static uint32_t slot_of(guest_addr address)
{
    return ((address >> 2) * 2654435761u) >> 20;
}

void sharing_note_register(struct sharing *sharing, unsigned context, guest_addr address,
                           bool write)
{
    uint64_t *sets = write ? sharing->writes : sharing->reads;

    add(sharing, &sets[slot_of(address)], bit(context));
}

void sharing_note_contended(struct sharing *sharing, struct byte_range range)
{
    if (!is_in_ram(range))
        return;
    for (uint32_t word = first_word(range); word < end_word(range); word++)
        add(sharing, &sharing->contended[word / 64], (uint64_t)1 << word % 64);
}

void sharing_note_stack(struct sharing *sharing, guest_addr address)
{
    uint32_t low = __atomic_load_n(&sharing->stack_low, __ATOMIC_RELAXED);

    while (!low || address < low) {
        if (__atomic_compare_exchange_n(&sharing->stack_low, &low, address, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED)) {
            __atomic_fetch_add(&sharing->changes, 1, __ATOMIC_RELAXED);
            return;
        }
    }
}

void sharing_note_full_frame(struct sharing *sharing)
{
    add(sharing, &sharing->full_frame, 1);
}

void sharing_add(struct sharing *sharing, const struct sharing *other)
{
    for (uint32_t i = 0; i < SHARING_WORDS; i++) {
        add(sharing, &sharing->loads[i], other->loads[i]);
        add(sharing, &sharing->stores[i], other->stores[i]);
    }
    for (uint32_t i = 0; i < SHARING_REGISTERS; i++) {
        add(sharing, &sharing->reads[i], other->reads[i]);
        add(sharing, &sharing->writes[i], other->writes[i]);
    }
    for (uint32_t i = 0; i < SHARING_WORDS / 64; i++)
        add(sharing, &sharing->contended[i], other->contended[i]);
    add(sharing, &sharing->full_frame, other->full_frame);
    if (other->stack_low)
        sharing_note_stack(sharing, other->stack_low);
    orders_add(&sharing->orders, &other->orders);
}

static bool conflicts(uint64_t readers, uint64_t writers, unsigned context, bool store)
{
    uint64_t others = ~bit(context);

    return writers & others || (store && readers & others);
}

bool sharing_conflicts_in_ram(const struct sharing *sharing, unsigned context,
                              struct byte_range range, bool store)
{
    if (!is_in_ram(range))
        return false;
    for (uint32_t word = first_word(range); word < end_word(range); word++) {
        if (conflicts(sharing->loads[word], sharing->stores[word], context, store))
            return true;
    }
    return false;
}

bool sharing_conflicts_in_register(const struct sharing *sharing, unsigned context,
                                   guest_addr address, bool write)
{
    uint32_t slot = slot_of(address);

    return conflicts(sharing->reads[slot], sharing->writes[slot], context, write);
}

bool sharing_is_contended(const struct sharing *sharing, guest_addr address)
{
    uint32_t word = (address - RAM_BASE) / 4;

    return word < SHARING_WORDS && sharing->contended[word / 64] >> word % 64 & 1;
}
