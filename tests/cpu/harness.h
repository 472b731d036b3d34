/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A CPU with memory, a bus and a clock, and no chip around it.
 *
 * harness_create -> harness_load -> harness_run -> look at the parts -> harness_destroy
 */
#ifndef TESTS_CPU_HARNESS_H
#define TESTS_CPU_HARNESS_H

#include "sim/base/text.h"
#include "sim/cpu/cpu.h"

enum { HARNESS_RECORDS = 4096 };

struct harness {
    struct scheduler scheduler;
    struct trace trace;
    struct wires wires;
    struct memory memory;
    struct bus bus;
    struct state state;
    struct cpu *cpu;
    struct text console; /* everything the firmware printed */
    /* Observations of the kinds given to harness_record, in order; the first HARNESS_RECORDS. */
    unsigned records;
    struct observation record[HARNESS_RECORDS];
    /* Four words at 0x40000000 that hold what was written. */
    uint32_t registers[4];
    /* What the CPU stored to flash, FICR or UICR; `flash_accepts` false makes it a bus fault. */
    bool flash_accepts;
    unsigned flash_stores;
    guest_addr flash_address;
    uint32_t flash_value;
};

struct harness *harness_create(void);
void harness_destroy(struct harness *harness);

/* CMocka set-up and tear-down around a harness in *state. */
int harness_setup(void **state);
int harness_teardown(void **state);

/* Puts `image` at the start of flash and resets the CPU. */
void harness_load(struct harness *harness, const void *image, size_t size);

/* Runs for at most `duration` cycles more. */
enum cpu_stop harness_run(struct harness *harness, sim_time duration);

/* Records observations of `kinds` (TRACE_KIND(...) | ...) from now on. */
void harness_record(struct harness *harness, uint32_t kinds);

/* How many observations of `kind` were recorded. */
unsigned harness_count(const struct harness *harness, enum observation_kind kind);

/* The n-th (from 0) recorded observation of `kind`, NULL when there are not as many. */
const struct observation *harness_find(const struct harness *harness, enum observation_kind kind,
                                       unsigned n);

/* A word of memory; fails the test when there is none. */
uint32_t harness_word(const struct harness *harness, guest_addr address);
void harness_set_word(struct harness *harness, guest_addr address, uint32_t value);

#endif
