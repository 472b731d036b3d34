/* SPDX-License-Identifier: Apache-2.0 */
/* What the simulator has of each kind of block, and where it differs from the chip. */
#ifndef SIM_SOC_KINDS_H
#define SIM_SOC_KINDS_H

#include "sim/base/text.h"

#include <stdbool.h>

struct block_kind {
    const char *label;  /* what has no registers is called this; NULL: as its blocks */
    const char *blocks; /* pattern of their names */
    const char *models; /* patterns of model files, separated by spaces */
    unsigned known;     /* registers the chip has */
    const char *what;   /* behaviour, in a line */
};

/* The kinds in order of the list; NULL behind the last one. */
const struct block_kind *block_kind(unsigned index);

/* Appends "TIMER0 to TIMER4", "COMP", "P0, P1". */
void block_kind_name(const struct block_kind *kind, struct text *text);

/* Is `name` a block of the kind, or its label? Capitals make no difference. */
bool block_kind_has(const struct block_kind *kind, const char *name);

/* Registers of one block of the kind (of the one that has most); 0: it has none. */
unsigned block_kind_registers(const struct block_kind *kind);

/* Does it read or write RAM by itself? */
bool block_kind_has_dma(const struct block_kind *kind);

/* The deviations of its models, in the words of their files; NULL behind the last one. */
const char *block_kind_deviation(const struct block_kind *kind, unsigned index);
unsigned block_kind_deviations(const struct block_kind *kind);

#endif
