/* SPDX-License-Identifier: Apache-2.0 */
/* A run told by hand, for reports to tell again: trace, checker, and a CPU that is where we say. */
#ifndef TESTS_REPORT_SCENE_H
#define TESTS_REPORT_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/report/report.h"

enum { SCENE_STACK = 0x2003ff00 };

struct scene {
    sim_time now;
    struct trace trace;
    struct state state;
    struct checker *checker;
    struct report_options options; /* without image, plain */
    struct site cpu;               /* what the next capture gives */
    uint8_t buffer[600];
    struct text text;
    enum dma_direction direction; /* of the transfer started last */
    uint16_t epin0;
    uint16_t txd;
    uint16_t epout1; /* the only one that writes RAM */
};

struct scene *scene_create(void);
void scene_destroy(struct scene *scene);
int scene_setup(void **state);
int scene_teardown(void **state);

/* The CPU is at `pc`, called from `lr`, with the words `stacked` (ended by 0, at most 8) on MSP. */
void scene_cpu(struct scene *scene, guest_addr pc, guest_addr lr, const uint32_t *stacked);

void scene_emit(struct scene *scene, struct observation observation);

/* The CPU starts `channel` on the first `size` bytes of the buffer. */
void scene_start(struct scene *scene, uint16_t channel, uint32_t size);

/* The engine moves `size` bytes at `offset`, a word in 16 cycles. What it writes to RAM is 0xa0 at
 * offset 0, 0xa1 at 1 and so on. */
void scene_move(struct scene *scene, uint32_t offset, uint32_t size);

/* The CPU stores `size` bytes at `offset`, each `value`, `value` + 1 and so on. */
void scene_store(struct scene *scene, uint32_t offset, uint32_t size, uint8_t value);

/* The CPU loads `size` bytes at `offset`. */
void scene_load(struct scene *scene, uint32_t offset, uint32_t size);

void scene_end(struct scene *scene);
void scene_observe(struct scene *scene);

/* The whole of the seeded bug: 18 bytes started, then copied into the buffer in 5 stores, while
 * the engine has read 8 of them. */
void scene_memcpy_after_start(struct scene *scene);

#endif
