/* SPDX-License-Identifier: Apache-2.0 */
/* A chip with EasyDMA and a board, for tests of the serial blocks. Literal offsets are theirs. */
#ifndef TESTS_PERIPH_SERIAL_BENCH_H
#define TESTS_PERIPH_SERIAL_BENCH_H

#include "sim/board/board.h"
#include "sim/periph/easydma.h"
#include "tests/periph/chip.h"

enum { SERIAL_LOG = 512, SERIAL_BUFFER = 0x20001000 };

struct serial_bench {
    struct chip *chip;
    struct easydma easydma;
    struct board board;
    guest_addr base; /* of the block that reads and writes are for */
    /* What went over the wires of the board, oldest first. */
    unsigned logged;
    struct obs_serial log[SERIAL_LOG];
    char console[SERIAL_LOG];
    size_t printed;
    /* Of the transfers. */
    unsigned opened;
    unsigned observed;
    struct obs_dma_close last_observed;
};

/* `options` NULL: an ordinary board. Released with serial_bench_free. */
struct serial_bench *serial_bench_new(const struct board_options *options, guest_addr base);
void serial_bench_free(struct serial_bench *bench);

uint32_t serial_read(struct serial_bench *bench, uint32_t offset);
void serial_write(struct serial_bench *bench, uint32_t offset, uint32_t value);
void serial_pass(struct serial_bench *bench, sim_time cycles);

/* The byte of RAM at `address`, to look at and to change. */
uint8_t *serial_ram(struct serial_bench *bench, guest_addr address);

/* Passes time until the event at `offset` is set, at most `limit` cycles; how many it took. The
 * registers are looked at as a debugger does, which observes nothing. */
sim_time serial_pass_until(struct serial_bench *bench, uint32_t offset, sim_time limit);

/* The event as a debugger sees it. */
bool serial_is_set(struct serial_bench *bench, uint32_t offset);

/* Writes `text` to a file for the options of serial_bench_new, which removes it; returns the path.
 */
const char *serial_file(const char *name, const char *text);

#endif
