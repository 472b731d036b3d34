/* SPDX-License-Identifier: Apache-2.0 */
/* What a block needs around it in a test: time, wires, memory and a bus, but no CPU. */
#ifndef TESTS_PERIPH_CHIP_H
#define TESTS_PERIPH_CHIP_H

#include "sim/periph/fabric.h"

enum { CHIP_MISUSES = 32 };

struct chip {
    struct scheduler scheduler;
    struct chooser chooser;
    struct wires wires;
    struct trace trace;
    struct memory memory;
    struct bus bus;
    struct state state;
    struct fabric fabric;
    /* What was reported, oldest first. */
    unsigned causes; /* of misuses to come */
    unsigned misuses;
    struct obs_misuse misuse[CHIP_MISUSES];
    unsigned unmodelled;
    struct obs_unmodelled last_unmodelled;
};

/* A chip without blocks at time 0. Released with chip_free. */
struct chip *chip_new(void);
void chip_free(struct chip *chip);

/* Accesses of the CPU, whole words. */
uint32_t chip_read(struct chip *chip, guest_addr address);
void chip_write(struct chip *chip, guest_addr address, uint32_t value);

/* Lets `duration` cycles pass; everything that becomes due happens at its own time. */
void chip_pass(struct chip *chip, sim_time duration);

/* The word in memory (flash, RAM, FICR, UICR). */
uint32_t chip_cell(const struct chip *chip, guest_addr address);

bool chip_irq(const struct chip *chip, unsigned line);

#endif
