/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/orders.h"

#include "sim/base/hash.h"

#include <stddef.h>

static uint64_t key_of(const struct order *pair)
{
    const uint32_t parts[4] = {pair->access, pair->other, pair->where, pair->kind};

    return hash_bytes(HASH_SEED, parts, sizeof parts) | 1;
}

/* The pair's place, taken now if it is `fresh`; NULL: it has none. */
static struct order *place_of(struct orders *orders, uint64_t key, bool fresh)
{
    for (uint32_t i = 0; i < ORDERS_MAX; i++) {
        struct order *order = &orders->order[(key + i) % ORDERS_MAX];
        uint64_t there = __atomic_load_n(&order->key, __ATOMIC_RELAXED);

        if (!there && !fresh)
            return NULL;
        if (there == key ||
            (!there && __atomic_compare_exchange_n(&order->key, &there, key, false,
                                                   __ATOMIC_RELAXED, __ATOMIC_RELAXED)) ||
            there == key)
            return order;
    }
    return NULL;
}

void orders_note(struct orders *orders, const struct order *pair, uint16_t first, bool fresh)
{
    struct order *order = place_of(orders, key_of(pair), fresh);

    if (!order) {
        if (fresh)
            __atomic_fetch_add(&orders->lost, 1, __ATOMIC_RELAXED);
        return;
    }
    if ((__atomic_load_n(&order->seen, __ATOMIC_RELAXED) & first) == first)
        return;
    order->access = pair->access; /* whoever comes here writes the same */
    order->other = pair->other;
    order->where = pair->where;
    order->kind = pair->kind;
    __atomic_fetch_or(&order->seen, first, __ATOMIC_RELAXED);
}

unsigned orders_count(const struct orders *orders, enum order_kind kind, unsigned *both)
{
    unsigned count = 0;

    *both = 0;
    for (uint32_t i = 0; i < ORDERS_MAX; i++) {
        const struct order *order = &orders->order[i];

        if (!order->seen || order->kind != kind)
            continue;
        count++;
        *both += order->seen == (ORDER_ACCESS_FIRST | ORDER_OTHER_FIRST);
    }
    return count;
}

void orders_add(struct orders *orders, const struct orders *more)
{
    for (uint32_t i = 0; i < ORDERS_MAX; i++) {
        if (more->order[i].seen)
            orders_note(orders, &more->order[i], more->order[i].seen, true);
    }
}
