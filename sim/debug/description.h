/* SPDX-License-Identifier: Apache-2.0 */
/* What the target is, in the words of the GDB remote protocol: registers and memory map. */
#ifndef SIM_DEBUG_DESCRIPTION_H
#define SIM_DEBUG_DESCRIPTION_H

#include "sim/debug/target.h"

/* Registers in the order of the `g` packet; gdb's numbers are not contiguous. */
enum { DESCRIBED_REGISTERS = 41, DESCRIBED_BYTES_MAX = 8 };

/* Appends the document called `annex` of `object` ("features" or "memory-map"); false: none. */
bool description_document(struct text *text, const char *object, const char *annex);

/* The register's number for gdb. */
unsigned description_number(unsigned index);

/* Where register `number` is in the order; DESCRIBED_REGISTERS when there is none. */
unsigned description_index(uint64_t number);

/* Copies the register's bytes; returns how many, 4 or 8. */
unsigned description_read(struct target *target, unsigned index, uint8_t *bytes);

/* Bytes of the register. */
unsigned description_size(unsigned index);

/* False: it cannot be written. */
bool description_write(struct target *target, unsigned index, const uint8_t *bytes);

/* As description_read, from where the CPU was at `site`; what is not known there is 0. */
unsigned description_read_site(const struct site *site, unsigned index, uint8_t *bytes);

#endif
