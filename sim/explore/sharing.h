/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who uses what: the addresses that thread and interrupt handlers share, and the words that both
 * CPU and EasyDMA use.
 *
 * Only accesses to these can tell two interleavings apart. They are learnt by watching runs: what
 * one context (0: thread, else the exception number) has loaded or stored anywhere, on its own
 * stack excepted, counts for all of its executions.
 *
 * Plain data that processes may share: several may learn at once, because bits are only added.
 */
#ifndef SIM_EXPLORE_SHARING_H
#define SIM_EXPLORE_SHARING_H

#include "sim/base/range.h"
#include "sim/base/status.h"
#include "sim/base/text.h"
#include "sim/explore/orders.h"
#include "sim/mem/map.h"

#include <stdbool.h>
#include <stdint.h>

enum { SHARING_WORDS = RAM_SIZE / 4, SHARING_REGISTERS = 4096, SHARING_CONTEXTS = 64 };

struct sharing {
    /* Bit n: context n loaded (stored) here. */
    uint64_t loads[SHARING_WORDS];
    uint64_t stores[SHARING_WORDS];
    /* Registers of peripherals, by a hash of their address: a collision costs time, no more. */
    uint64_t reads[SHARING_REGISTERS];
    uint64_t writes[SHARING_REGISTERS];
    /* Words of RAM the CPU used, in a way that matters, while EasyDMA was to move them. */
    uint64_t contended[SHARING_WORDS / 64];
    uint32_t stack_low; /* the lowest address of a stack in use so far; 0: none was seen */
    struct orders orders;
    uint64_t full_frame; /* bit 0: a token found no room in its frame behind an access */
    uint32_t changes;    /* how often anything new was learnt */
};

/* The CPU in `context` made an access to RAM; to a register. */
void sharing_note_ram(struct sharing *sharing, unsigned context, struct byte_range range,
                      bool store);
void sharing_note_register(struct sharing *sharing, unsigned context, guest_addr address,
                           bool write);

/* ... to bytes EasyDMA has still to move. */
void sharing_note_contended(struct sharing *sharing, struct byte_range range);

/* ... with its stack down to `address`. */
void sharing_note_stack(struct sharing *sharing, guest_addr address);

/* A token that could have come behind an access had no room there before the end of its frame. */
void sharing_note_full_frame(struct sharing *sharing);

/* Whether another context's use of the address can conflict with this access. */
bool sharing_conflicts_in_ram(const struct sharing *sharing, unsigned context,
                              struct byte_range range, bool store);
bool sharing_conflicts_in_register(const struct sharing *sharing, unsigned context,
                                   guest_addr address, bool write);

/* All that `other` knows, too. */
void sharing_add(struct sharing *sharing, const struct sharing *other);

/*
 * As text, one line for each run of words that are used alike, and back: adds to `sharing` what
 * `text` (NUL-terminated) says; lines may come in any order and more than once. `name` is told in
 * errors.
 */
void sharing_write(struct text *text, const struct sharing *sharing);
MUST_CHECK enum status sharing_read(struct sharing *sharing, const char *text, const char *name,
                                    struct failure *failure);

bool sharing_is_contended(const struct sharing *sharing, guest_addr address);

#endif
