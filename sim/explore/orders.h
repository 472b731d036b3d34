/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schedule coverage: which pairs of accesses were seen in both orders.
 *
 * A pair is an access of the CPU and a word of EasyDMA that it can conflict with; or an access of
 * the thread and one of an interrupt handler to the same word of RAM, one of them a store. Plain
 * data that processes may share: several may note at once, because pairs and orders are only added.
 */
#ifndef SIM_EXPLORE_ORDERS_H
#define SIM_EXPLORE_ORDERS_H

#include "sim/base/range.h"

#include <stdbool.h>
#include <stdint.h>

enum { ORDERS_MAX = 4096 };

enum order_kind { ORDER_WORD, ORDER_HANDLER };

enum { ORDER_ACCESS_FIRST = 1, ORDER_OTHER_FIRST = 2 };

struct order {
    uint64_t key;      /* 0: empty */
    guest_addr access; /* PC of the access of the CPU, or of the thread */
    guest_addr other;  /* PC of the store that started the transfer; of the handler's access */
    uint32_t where;    /* number of the word in its window; address of the word of RAM */
    uint16_t kind;     /* enum order_kind */
    uint16_t seen;     /* ORDER_..._FIRST, or-ed */
};

struct orders {
    uint32_t lost; /* pairs for which there was no room */
    uint32_t unused;
    struct order order[ORDERS_MAX];
};

/* `first` (ORDER_..._FIRST) was seen. Without `fresh` only of a pair that is known. */
void orders_note(struct orders *orders, const struct order *pair, uint16_t first, bool fresh);

/* How many pairs of `kind` there are, and how many of them were seen in both orders. */
unsigned orders_count(const struct orders *orders, enum order_kind kind, unsigned *both);

/* Adds what `more` has. */
void orders_add(struct orders *orders, const struct orders *more);

#endif
