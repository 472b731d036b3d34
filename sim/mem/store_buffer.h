/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stores the CPU has executed and other bus masters cannot see yet.
 *
 * Armv7-M lets a core keep stores to Normal memory back until a barrier (A3.7.3). The nRF52840's
 * core keeps at most one, too short to be noticed; this buffer, when it is switched on, keeps as
 * many as it is told, so that a missing fence really lets EasyDMA read stale bytes.
 *
 * RAM itself always holds what the CPU sees. What is kept is the content before each such store: a
 * bus master is shown that in place of the bytes stored.
 */
#ifndef SIM_MEM_STORE_BUFFER_H
#define SIM_MEM_STORE_BUFFER_H

#include <stdbool.h>
#include <stdint.h>

enum { STORE_BUFFER_MAX = 256 };

/* Plain state, one registered region. */
struct store_buffer {
    uint32_t depth; /* stores it holds at most; 0: switched off */
    uint32_t first; /* slot of the oldest */
    uint32_t count;
    uint32_t unused;
    struct pending_store {
        uint32_t offset; /* in RAM */
        uint32_t size;   /* 1..8 */
        uint8_t before[8];
    } slot[STORE_BUFFER_MAX];
};

/* The CPU is about to store `size` bytes at `ram + offset`. A full buffer lets its oldest go. */
void store_buffer_add(struct store_buffer *buffer, const uint8_t *ram, uint32_t offset,
                      uint32_t size);

/* A barrier or an exception boundary: everything becomes visible. */
void store_buffer_drain(struct store_buffer *buffer);

/*
 * The oldest pending store, from number *cursor on, that touches `size` bytes at `offset`; *cursor
 * is then its number, counted from the oldest of all. False: there is none.
 */
bool store_buffer_find(const struct store_buffer *buffer, uint32_t offset, uint32_t size,
                       uint32_t *cursor);

/* Pending store `number` arrives, and with it those before it that have a byte in common: a
 * location is written in program order, different ones in any (Armv7-M A3.7.3). The numbers of
 * younger ones fall by as many as arrived. */
void store_buffer_arrive(struct store_buffer *buffer, uint32_t number);

/* What another bus master reads from, or does by writing to, `ram + offset`. A write leaves bytes
 * alone that a pending store will overwrite. */
void store_buffer_read(const struct store_buffer *buffer, const uint8_t *ram, uint32_t offset,
                       uint8_t *bytes, uint32_t size);
void store_buffer_write(struct store_buffer *buffer, uint8_t *ram, uint32_t offset,
                        const uint8_t *bytes, uint32_t size);

#endif
