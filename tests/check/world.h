/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A machine without a machine: 64 KiB of RAM, a clock, a trace stream and a checker. What a CPU and
 * an EasyDMA engine would report is reported by hand.
 */
#ifndef TESTS_CHECK_WORLD_H
#define TESTS_CHECK_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/check/checker.h"

enum {
    RAM_BASE = 0x20000000,
    RAM_SIZE = 0x10000,
    BUFFER = 0x20000100,

    START_PC = 0x1000,  /* of the store to the start task */
    GUILTY_PC = 0x2000, /* of a store to the buffer */
    OTHER_PC = 0x3000,
};

struct world {
    sim_time now;
    struct trace trace;
    struct state state;
    struct checker *checker;
    uint8_t ram[RAM_SIZE];
    uint16_t epin0; /* channels */
    uint16_t epin1;
    uint16_t epout0;
    uint16_t spim; /* of another block than USBD */
    uint16_t spim_rx;
    uint32_t sp;  /* of the CPU */
    bool chained; /* transfers to come are those of chained channels */
};

/* NULL: all rules but those about fences, which most of these machines do without. */
struct world *world_create(const struct checker_options *options);
void world_destroy(struct world *world);

/* CMocka set-up and tear-down: a world as of world_create(NULL). */
int world_setup(void **state);
int world_teardown(void **state);

void passes(struct world *world, sim_time cycles);

/* The CPU at START_PC triggers a transfer; returns its number. */
uint32_t starts(struct world *world, uint16_t channel, guest_addr buffer, uint32_t size);

/* As starts, at another instruction. */
uint32_t starts_at(struct world *world, guest_addr pc, uint16_t channel, guest_addr buffer,
                   uint32_t size);

/* epin0 is started again at START_PC, and PTR was not written in between. */
void starts_with_kept_ptr(struct world *world, guest_addr buffer, uint32_t size);

/* The engine captures the descriptor with this window. */
void captures(struct world *world, uint32_t transfer, guest_addr buffer, uint32_t size);

/* The engine moves `size` bytes at `address`, word by word: from RAM as it is now, or 0xee to RAM.
 */
void moves(struct world *world, uint32_t transfer, guest_addr address, uint32_t size);

/* The CPU observes that the first `bytes` have moved. */
void knows(struct world *world, uint32_t transfer, uint32_t bytes);

void ends(struct world *world, uint32_t transfer);
void drops(struct world *world, uint32_t transfer);
void observes(struct world *world, uint32_t transfer);

/* As EasyDMA reports it when the channel is started again: the end observed by no event. */
void is_replaced(struct world *world, uint32_t transfer);

/* The CPU stores the `size` low bytes of `value` at GUILTY_PC, in thread mode. Reported only when
 * watched, as the CPU does. */
void stores(struct world *world, guest_addr address, uint32_t size, uint64_t value);
void stores_at(struct world *world, guest_addr pc, guest_addr address, uint32_t size,
               uint64_t value);

/* As an interrupt handler or as the hardware does it. */
void stores_as(struct world *world, enum access_actor actor, uint16_t exception, guest_addr pc,
               guest_addr address, uint32_t size, uint64_t value);

void loads(struct world *world, guest_addr address, uint32_t size);

/* The CPU executes a barrier. */
void fences(struct world *world, enum barrier_kind kind);

/* A model reports a misuse at `misuse.pc`. */
void misuses(struct world *world, struct obs_misuse misuse);

void bus_resets(struct world *world);
void system_resets(struct world *world);

/* Fails unless there are exactly `count` findings. */
void assert_findings(struct world *world, unsigned count);
#define assert_silent(world) assert_findings(world, 0)

/* The first finding; fails when there is none. */
const struct finding *only_finding(struct world *world);

#endif
